import type { HookRow, SandboxRow } from '../../store/sandbox/sandbox-row.js';
import { readFaults, type Faults } from '../faults.js';
import { shownAddress } from '../sandbox-secret.js';
import type { SandboxOptions } from '../options.js';
import { hookList } from './hook-list.js';
import { html, type Html } from './html.js';

/** Asks who works here. Not a sign-in: a name, so that tickets and comments have an author. */
export const agentPage = (base: string, goOn: string): Html => html`
<form class="card narrow-card" method="post" action="${base}/agent">
  <h1>Who are you?</h1>
  <p>Tickets and comments carry this name. There is no password: this is a demo tool.</p>
  <input type="hidden" name="to" value="${goOn}">
  <label>Name<input name="name" required maxlength="60" autocomplete="nickname" autofocus></label>
  <button>Go on</button>
</form>`;

const options = (words: readonly string[], chosen: string): Html => html`${words.map((word) => html`<option${word === chosen ? html` selected` : ''}>${word}</option>`)}`;

export const newPage = (base: string, { states, priorities, groups }: SandboxOptions, agent: string): Html => html`
<form class="card form-card" method="post" action="${base}/tickets">
  <h1>New ticket</h1>
  <label>Title<input name="title" required maxlength="300" autofocus></label>
  <label>Description<textarea name="description" rows="6" maxlength="100000"></textarea></label>
  <div class="grid">
    <label>State<select name="state">${options(states, states[0] ?? '')}</select></label>
    <label>Priority<select name="priority">${options(priorities, priorities.at(-1) ?? '')}</select></label>
    <label>Group<select name="group">${options(groups, groups[0] ?? '')}</select></label>
    <label>Caller<input name="caller" value="${agent}" maxlength="200"></label>
  </div>
  <div class="row"><button>Open ticket</button><a href="${base}">Cancel</a></div>
</form>`;

interface Switch {
  readonly name: keyof Faults;
  readonly label: string;
  readonly help: string;
  readonly step: string;
  readonly most: number;
}

const SWITCHES: readonly Switch[] = [
  { name: 'latencyMs', label: 'Latency', help: 'milliseconds before every answer', step: '1', most: 60_000 },
  { name: 'errorRate', label: 'Errors', help: 'share of requests, 0 to 1', step: '0.01', most: 1 },
  { name: 'errorStatus', label: 'Status of an error', help: '500, 502, 503 …', step: '1', most: 599 },
  { name: 'limitRate', label: 'Too many requests (429)', help: 'share of requests, 0 to 1', step: '0.01', most: 1 },
  { name: 'retryAfterSeconds', label: 'Retry-After', help: 'seconds', step: '1', most: 3_600 },
  { name: 'cutBeforeRate', label: 'Cut before it is done', help: 'share of requests, 0 to 1', step: '0.01', most: 1 },
  { name: 'cutAfterRate', label: 'Cut after it is done', help: 'share of requests, 0 to 1', step: '0.01', most: 1 },
];

/** What can go wrong here, at will; and the webhooks under way. */
export function switchesPage(base: string, tool: SandboxRow, hooks: readonly HookRow[]): Html {
  const faults = readFaults(tool.faults);
  return html`
<div class="columns">
  <form class="card column" method="post" action="${base}/switches">
    <h1>Faults</h1>
    <p>They hit the REST API of this tool, not this page.</p>
    <label class="check"><input type="checkbox" name="down"${faults.down ? html` checked` : ''}> <span><strong>Down</strong>: every connection is cut at once</span></label>
    <div class="grid">${SWITCHES.map(({ name, label, help, step, most }) => html`<label>${label} <small>${help}</small><input type="number" name="${name}" value="${String(faults[name])}" min="0" max="${most}" step="${step}"></label>`)}
    <label>Only for <small>faulty requests; empty: until switched off</small><input type="number" name="times" value="${tool.faultBudget ?? ''}" min="1" max="1000000" step="1"></label></div>
    <div class="row"><button>Switch on</button><button name="off" value="yes" class="quiet">All off</button></div>
  </form>
  <section class="card column">
    <h1>Webhooks</h1>
    <p>${tool.webhookUrl === null ? 'No address is set: nobody is told of changes.' : html`To <code>${shownAddress(tool.webhookUrl)}</code>, in order per ticket, again until they are taken.`}</p>
    <form method="post" action="${base}/switches/webhooks"><button class="quiet">Send what waits now</button></form>
    <div id="hooks" data-live>${hookList(hooks, 'None yet.', base)}</div>
  </section>
</div>`;
}
