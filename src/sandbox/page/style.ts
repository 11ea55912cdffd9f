/** The page's style, light and dark, from phone to desk. Served as a file. */
export const STYLE = `
:root { color-scheme: light dark; --hue: 220; font: 16px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif;
  --ground: light-dark(#f5f6f8, #14161a); --card: light-dark(#fff, #1d2026); --line: light-dark(#dfe3e8, #323741); --ink: light-dark(#1b1f24, #e7eaee);
  --muted: light-dark(#5f6873, #9aa4b0); --accent: light-dark(oklch(0.48 0.14 var(--hue)), oklch(0.78 0.12 var(--hue))); --accent-ink: light-dark(#fff, #14161a); --soft: light-dark(oklch(0.95 0.03 var(--hue)), oklch(0.3 0.05 var(--hue))); }
.hue-0 { --hue: 255; } .hue-1 { --hue: 150; } .hue-2 { --hue: 300; } .hue-3 { --hue: 45; } .hue-4 { --hue: 200; } .hue-5 { --hue: 20; } .hue-6 { --hue: 275; } .hue-7 { --hue: 120; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); }
a { color: var(--accent); text-underline-offset: 0.15em; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
h1 { font-size: 1.4rem; line-height: 1.25; margin: 0; } h2 { font-size: 0.95rem; margin: 0 0 0.6rem; } p { margin: 0.4rem 0; }
small, .muted { color: var(--muted); } code { overflow-wrap: anywhere; }
.top { display: flex; flex-wrap: wrap; gap: 0.5rem 1.5rem; align-items: center; padding: 0.6rem max(1rem, calc((100vw - 75rem) / 2)); background: var(--card); border-bottom: 3px solid var(--accent); }
.brand { display: flex; gap: 0.7rem; align-items: center; color: inherit; text-decoration: none; line-height: 1.2; } .brand small { display: block; }
.mark { display: grid; place-items: center; width: 2.3rem; height: 2.3rem; border-radius: 0.6rem; background: var(--accent); color: var(--accent-ink); font-weight: 700; }
nav { display: flex; gap: 0.25rem; } nav a { padding: 0.35rem 0.8rem; border-radius: 2rem; text-decoration: none; color: inherit; } nav a:hover { background: var(--ground); } nav a[aria-current] { background: var(--soft); color: var(--accent); font-weight: 600; }
.agent { margin-left: auto; display: flex; gap: 0.6rem; align-items: center; font-size: 0.9rem; }
main, #fault-note, footer { max-width: 77rem; margin: 0 auto; padding: 0 1rem; } main { padding-top: 1.2rem; padding-bottom: 2rem; } footer { color: var(--muted); font-size: 0.85rem; padding-bottom: 2rem; }
.bar { display: flex; flex-wrap: wrap; gap: 0.75rem; align-items: center; margin-bottom: 1rem; } .bar form { display: flex; flex-wrap: wrap; gap: 0.5rem; margin-left: auto; } .bar input, .bar select { width: auto; }
button, .button { display: inline-block; border: 1px solid transparent; border-radius: 0.5rem; background: var(--accent); color: var(--accent-ink); padding: 0.45rem 1rem; font: inherit; font-weight: 600; text-decoration: none; cursor: pointer; }
button:hover, .button:hover { filter: brightness(1.08); } button.quiet { background: transparent; border-color: var(--line); color: inherit; font-weight: 500; } button:disabled { opacity: 0.5; cursor: default; }
input, select, textarea { width: 100%; border: 1px solid var(--line); border-radius: 0.5rem; background: var(--card); color: inherit; padding: 0.45rem 0.6rem; font: inherit; } textarea { resize: vertical; }
input[type='radio'], input[type='checkbox'] { width: auto; accent-color: var(--accent); } label { display: block; font-size: 0.9rem; margin-bottom: 0.7rem; } label input, label select, label textarea { margin-top: 0.2rem; }
fieldset { border: 0; margin: 0; padding: 0; } fieldset:disabled { opacity: 0.6; }
.card { display: block; background: var(--card); border: 1px solid var(--line); border-radius: 0.8rem; padding: 1rem 1.1rem; margin-bottom: 1rem; } .narrow-card { max-width: 28rem; margin: 3rem auto; } .form-card { max-width: 46rem; margin: 0 auto; } .card > h1 { margin-bottom: 0.8rem; }
.grid { display: grid; grid-template-columns: repeat(auto-fit, minmax(14rem, 1fr)); gap: 0 1rem; align-items: end; } .row { display: flex; flex-wrap: wrap; gap: 1rem; align-items: center; margin-top: 0.6rem; } .row label { margin: 0; } .row button:last-child { margin-left: auto; } .form-card .row button, .column .row button { margin-left: 0; }
.check { display: flex; gap: 0.6rem; align-items: start; margin: 0.8rem 0 1.2rem; } .check input { margin-top: 0.35rem; }
.list { width: 100%; border-collapse: collapse; background: var(--card); border: 1px solid var(--line); border-radius: 0.8rem; overflow: hidden; } .list th { text-align: left; font-size: 0.8rem; color: var(--muted); font-weight: 600; } .list th, .list td { padding: 0.6rem 0.8rem; border-bottom: 1px solid var(--line); vertical-align: top; } .list tr:last-child td { border-bottom: 0; } .list tbody tr:hover { background: var(--soft); }
.title a { color: inherit; text-decoration: none; font-weight: 500; overflow-wrap: anywhere; } .id { font-variant-numeric: tabular-nums; white-space: nowrap; } .when { white-space: nowrap; color: var(--muted); font-size: 0.9rem; }
.chip, .lock { display: inline-block; border-radius: 2rem; padding: 0.05rem 0.65rem; font-size: 0.82rem; font-weight: 600; background: var(--chip, var(--ground)); color: var(--chip-ink, inherit); white-space: nowrap; }
.state-0 { --chip: light-dark(#dbeafe, #1e3a6b); --chip-ink: light-dark(#1d4ed8, #bcd4ff); } .state-1 { --chip: light-dark(#fdeccb, #54390a); --chip-ink: light-dark(#8a4b05, #fcd58c); } .state-2 { --chip: light-dark(#ece6fb, #3b2f63); --chip-ink: light-dark(#5b3fa8, #d3c5fa); } .state-3 { --chip: light-dark(#d6f3df, #164a2b); --chip-ink: light-dark(#166534, #a6e9bd); } .state-4, .state-x { --chip: light-dark(#e5e7eb, #343a44); --chip-ink: light-dark(#4b5563, #c3cad3); }
.priority-0 { --chip: light-dark(#fde0df, #641d1d); --chip-ink: light-dark(#b42318, #ffc1bc); } .priority-1 { --chip: light-dark(#fdeccb, #54390a); --chip-ink: light-dark(#8a4b05, #fcd58c); } .priority-2, .priority-3, .priority-4, .priority-x { --chip: light-dark(#eceef1, #2b303a); --chip-ink: var(--muted); }
.lock { --chip: light-dark(#fde0df, #641d1d); --chip-ink: light-dark(#b42318, #ffc1bc); } .internal { --chip: light-dark(#fdeccb, #54390a); --chip-ink: light-dark(#8a4b05, #fcd58c); }
.hook-sent { --chip: light-dark(#d6f3df, #164a2b); --chip-ink: light-dark(#166534, #a6e9bd); } .hook-waiting { --chip: light-dark(#fdeccb, #54390a); --chip-ink: light-dark(#8a4b05, #fcd58c); } .hook-dead { --chip: light-dark(#fde0df, #641d1d); --chip-ink: light-dark(#b42318, #ffc1bc); }
.ticket-head { display: flex; flex-wrap: wrap; gap: 1rem; justify-content: space-between; align-items: start; margin-bottom: 1rem; } .ticket-head .id { color: var(--muted); margin: 0; } .ticket-head h1 { overflow-wrap: anywhere; } .peer { color: var(--accent); font-weight: 600; } .facts { display: flex; flex-wrap: wrap; gap: 0.4rem 0.9rem; align-items: center; color: var(--muted); font-size: 0.92rem; }
.columns { display: flex; flex-wrap: wrap; gap: 1rem; align-items: start; } .column { flex: 2 1 24rem; min-width: 0; } .narrow { flex: 1 1 18rem; }
.text { white-space: pre-wrap; overflow-wrap: anywhere; } .story, .files, .hooks { list-style: none; margin: 0; padding: 0; } .story li { border-left: 3px solid var(--line); padding: 0.1rem 0 0.1rem 0.9rem; margin-bottom: 0.9rem; } .story .comment { border-color: var(--accent); } .story .comment.internal { border-color: light-dark(#d97706, #fbbf24); background: light-dark(#fffaf0, #2a2417); --chip-ink: inherit; } .who { margin: 0; font-size: 0.88rem; color: var(--muted); } .who strong { color: var(--ink); } .field { margin: 0.1rem 0; font-size: 0.9rem; overflow-wrap: anywhere; } .field span { color: var(--muted); }
.files li, .hooks li { padding: 0.35rem 0; border-bottom: 1px solid var(--line); font-size: 0.92rem; overflow-wrap: anywhere; } .files li:last-child, .hooks li:last-child { border: 0; } .hooks small { display: block; } .hooks time { color: var(--muted); font-size: 0.85rem; } .attach { display: flex; flex-wrap: wrap; gap: 0.5rem; margin-top: 0.8rem; } .attach input { flex: 1 1 9rem; }
.note { background: var(--soft); border-radius: 0.6rem; padding: 0.6rem 0.9rem; } .note.warn { background: light-dark(#fdeccb, #54390a); margin: 0.8rem 0 0; } .empty { text-align: center; padding: 3rem 1rem; color: var(--muted); }
.fresh { animation: fresh 1.2s; } @keyframes fresh { from { background-color: var(--soft); } }
@media (prefers-reduced-motion: reduce) { .fresh { animation: none; } }
@media (max-width: 46rem) {
  .agent { margin-left: 0; } .bar form { margin-left: 0; width: 100%; } .bar input { flex: 1 1 8rem; }
  .list thead { display: none; } .list, .list tbody, .list tr, .list td { display: block; border: 0; } .list tr { padding: 0.7rem 0.9rem; border-bottom: 1px solid var(--line); display: flex; flex-wrap: wrap; gap: 0.2rem 0.7rem; } .list td { padding: 0; } .list td.title { flex: 1 1 100%; order: -1; } .list td:empty { display: none; }
}
`;
