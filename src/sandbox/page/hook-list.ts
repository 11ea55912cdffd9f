import type { HookRow } from '../../store/sandbox/sandbox-row.js';
import { time } from './frame.js';
import { html, type Html } from './html.js';

const WORDS: { readonly [state in HookRow['state']]: string } = { waiting: 'waits', sent: 'sent', dead: 'given up' };

/** Webhooks and how they fared, newest first. */
export const hookList = (hooks: readonly HookRow[], ifNone: string, base?: string): Html => (hooks.length === 0
  ? html`<p class="muted">${ifNone}</p>`
  : html`<ul class="hooks">${hooks.map((hook) => html`
<li class="${hook.state}"><span class="chip hook-${hook.state}">${WORDS[hook.state]}</span> ${hook.event}${base === undefined ? '' : html` <a href="${base}/tickets/${hook.ticket}">${hook.ticket}</a>`} ${time(hook.createdAt)}${hook.attempts > 1 || hook.lastError !== null ? html`<small>${hook.attempts} ${hook.attempts === 1 ? 'try' : 'tries'}${hook.lastError === null ? '' : html`: ${hook.lastError}`}</small>` : ''}</li>`)}</ul>`);
