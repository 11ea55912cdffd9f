import type { SandboxRow } from '../../store/sandbox/sandbox-row.js';
import { hasFaults, readFaults } from '../faults.js';
import { html, type Html } from './html.js';

/** What every page of a tool shows. */
export interface Frame {
  readonly tool: SandboxRow;
  /** Who works here; null before they said. */
  readonly agent: string | null;
  readonly here: 'tickets' | 'new' | 'switches' | 'other';
  readonly title: string;
  readonly revision: string;
}

/** Eight colours, so that two tools side by side are told apart. */
const hueOf = (name: string): number => [...name].reduce((sum, character) => (sum * 31 + character.charCodeAt(0)) % 8, 5);

/** The whole page. It loads its own style and script and nothing else. */
export function page(frame: Frame, content: Html): string {
  const { tool, agent, here, title, revision } = frame;
  const base = `/sandbox/${tool.name}`;
  const link = (to: string, name: Frame['here'], words: string): Html => html`<a href="${base}${to}"${here === name ? html` aria-current="page"` : ''}>${words}</a>`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · ${tool.title}</title>
<link rel="stylesheet" href="/sandbox/-/tool.css">
<script src="/sandbox/-/tool.js" defer></script>
</head>
<body class="hue-${hueOf(tool.name)}" data-base="${base}" data-revision="${revision}">
<header class="top">
  <a class="brand" href="${base}"><span class="mark">${tool.prefix.slice(0, 2)}</span><span><strong>${tool.title}</strong><small>Sandbox ticket tool</small></span></a>
  <nav aria-label="Pages">${link('', 'tickets', 'Tickets')}${link('/new', 'new', 'New ticket')}${link('/switches', 'switches', 'Switches')}</nav>
  ${agent === null ? '' : html`<form class="agent" method="post" action="${base}/agent"><span>You are <strong>${agent}</strong></span><button name="name" value="" class="quiet">Change</button></form>`}
</header>
<div id="fault-note" data-live>${hasFaults(readFaults(tool.faults)) ? html`<p class="note warn">Faults are switched on: the API of this tool misbehaves. <a href="${base}/switches">Switches</a></p>` : ''}</div>
<main>${content}</main>
<footer>A demo ticket tool that comes with Parley. What is written here is told to Parley by webhook, as any other tool would.</footer>
</body>
</html>`.text;
}

/** An instant; the script writes it in the reader's own zone. */
export const time = (at: Date): Html => html`<time datetime="${at.toISOString()}">${at.toISOString().slice(0, 19).replace('T', ' ')} UTC</time>`;

/** A word with a colour by its place in a list. */
export const chip = (word: string, words: readonly string[], kind: 'state' | 'priority'): Html => {
  const place = words.indexOf(word);
  return html`<span class="chip ${kind}-${place === -1 ? 'x' : Math.round((place / Math.max(1, words.length - 1)) * 4)}">${word}</span>`;
};
