/** The page's script: live refresh, times in the reader's zone, attaching files. Served as a file, since the pages run no inline script. */
export const SCRIPT = `'use strict';
(() => {
  const { base } = document.body.dataset;
  let revision = document.body.dataset.revision;

  const localize = (root) => {
    for (const time of root.querySelectorAll('time')) {
      const at = new Date(time.dateTime);
      const isToday = at.toDateString() === new Date().toDateString();
      time.textContent = isToday ? at.toLocaleTimeString() : at.toLocaleString();
      time.title = at.toISOString();
    }
  };

  // A part with a focused or changed field is left alone: nobody loses what they type.
  document.addEventListener('input', (event) => { const live = event.target.closest('[data-live]'); if (live) live.dataset.dirty = 'yes'; });
  const isBusy = (part) => part.dataset.dirty === 'yes' || (part.contains(document.activeElement) && document.activeElement.matches('input, select, textarea'));

  const refresh = async () => {
    const answer = await fetch(location.href, { headers: { accept: 'text/html' } });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
    localize(fresh);
    for (const part of document.querySelectorAll('[data-live]')) {
      const next = fresh.getElementById(part.id);
      if (next && !isBusy(part) && next.innerHTML !== part.innerHTML) {
        part.replaceChildren(...next.childNodes);
        part.classList.remove('fresh');
        void part.offsetWidth;
        part.classList.add('fresh');
      }
    }
  };

  const look = async () => {
    if (!document.hidden) {
      try {
        const answer = await fetch(base + '/revision');
        const now = answer.ok ? await answer.text() : revision;
        if (now !== revision) {
          revision = now;
          await refresh();
        }
      } catch { /* the tool is restarting: the next look finds it */ }
    }
    setTimeout(look, 1000);
  };

  document.addEventListener('submit', async (event) => {
    const form = event.target;
    if (!form.dataset.attach) return;
    event.preventDefault();
    const file = form.elements.file.files[0];
    if (!file) return;
    const button = form.querySelector('button');
    button.disabled = true;
    const answer = await fetch(form.dataset.attach + '?name=' + encodeURIComponent(file.name), { method: 'POST', headers: { 'content-type': file.type || 'application/octet-stream' }, body: file });
    button.disabled = false;
    if (answer.ok) { form.reset(); await refresh(); } else alert((await answer.json()).error.message);
  });

  localize(document);
  setTimeout(look, 1000);
})();
`;
