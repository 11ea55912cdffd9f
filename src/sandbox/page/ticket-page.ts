import type { AttachmentRow, CommentRow, HistoryRow, HookRow, TicketRow } from '../../store/sandbox/sandbox-row.js';
import type { SandboxOptions } from '../options.js';
import { chip, time } from './frame.js';
import { hookList } from './hook-list.js';
import { html, type Html } from './html.js';

export interface TicketView {
  readonly base: string;
  readonly options: SandboxOptions;
  readonly agent: string;
  readonly ticket: TicketRow;
  readonly comments: readonly CommentRow[];
  readonly attachments: readonly AttachmentRow[];
  readonly history: readonly HistoryRow[];
  readonly hooks: readonly HookRow[];
}

/** One ticket: what it says, what happened, and everything that can be done with it. */
export function ticketPage(view: TicketView): Html {
  const { base, options, agent, ticket } = view;
  const at = `${base}/tickets/${ticket.id}`;
  const isMine = ticket.lockedBy === null || ticket.lockedBy === agent;
  return html`
<div class="ticket-head" id="head" data-live>
  <div><p class="id">${ticket.id}${ticket.externalReference === null ? '' : html` <span class="peer" title="Ticket on the other side">↔ ${ticket.externalReference}</span>`}</p>
  <h1>${ticket.title}</h1>
  <p class="facts">${chip(ticket.state, options.states, 'state')} ${chip(ticket.priority, options.priorities, 'priority')} <span>${ticket.group}</span> <span>for ${ticket.caller}</span> <span>opened ${time(ticket.createdAt)} by ${ticket.createdBy}</span></p></div>
  ${lockForm(at, ticket)}
</div>
<div id="lock-note" data-live>${ticket.lockedBy === null ? '' : html`<p class="note">Locked by <strong>${ticket.lockedBy}</strong>: ${options.lockAnswer === 'ack' ? 'programs get 200 and, a moment later, a refusal by webhook.' : 'programs get 423.'}</p>`}</div>
<div class="columns">
  <section class="column">
    <div class="card" id="description" data-live><h2>Description</h2><p class="text">${ticket.description === '' ? html`<span class="muted">None</span>` : ticket.description}</p></div>
    ${isMine ? commentForm(at) : ''}
    <div class="card" id="story" data-live><h2>What happened</h2>${story(view)}</div>
  </section>
  <aside class="column narrow">
    <div id="fields" data-live>${fieldsForm(at, ticket, options, isMine)}</div>
    <div class="card"><h2>Files</h2><div id="files" data-live>${files(at, view.attachments)}</div>${isMine ? attachForm(at) : ''}</div>
    <div class="card" id="hooks" data-live><h2>Webhooks</h2>${hookList(view.hooks, 'None were sent for this ticket.')}</div>
  </aside>
</div>`;
}

const lockForm = (at: string, ticket: TicketRow): Html => (ticket.lockedBy === null
  ? html`<form method="post" action="${at}/lock"><button class="quiet">Lock</button></form>`
  : html`<form method="post" action="${at}/unlock"><button>Unlock</button></form>`);

const commentForm = (at: string): Html => html`
<form class="card" method="post" action="${at}/comments">
  <h2>Comment</h2>
  <textarea name="text" rows="3" required maxlength="100000" aria-label="Comment"></textarea>
  <div class="row"><label><input type="radio" name="visibility" value="public" checked> public</label><label><input type="radio" name="visibility" value="internal"> internal</label><button>Send</button></div>
</form>`;

const attachForm = (at: string): Html => html`
<form class="attach" data-attach="${at}/attachments"><input type="file" name="file" required aria-label="File"><button class="quiet">Attach</button><noscript>Attaching needs JavaScript.</noscript></form>`;

const select = (name: string, label: string, words: readonly string[], chosen: string): Html => html`
<label>${label}<select name="${name}">${[...new Set([...words, chosen])].map((word) => html`<option${word === chosen ? html` selected` : ''}>${word}</option>`)}</select></label>`;

const fieldsForm = (at: string, ticket: TicketRow, options: SandboxOptions, isMine: boolean): Html => html`
<form class="card" method="post" action="${at}">
  <h2>Fields</h2>
  <input type="hidden" name="was" value="${JSON.stringify(shownFields(ticket))}">
  <fieldset${isMine ? '' : html` disabled`}>
    <label>Title<input name="title" value="${ticket.title}" required maxlength="300"></label>
    ${select('state', 'State', options.states, ticket.state)}
    ${select('priority', 'Priority', options.priorities, ticket.priority)}
    ${select('group', 'Group', options.groups, ticket.group)}
    <label>Caller<input name="caller" value="${ticket.caller}" maxlength="200"></label>
    <label>Ticket on the other side<input name="externalReference" value="${ticket.externalReference ?? ''}" maxlength="200"></label>
    ${Object.entries(ticket.custom).map(([name, value]) => html`<label>${name}<input name="custom.${name}" value="${value === null ? '' : String(value)}" maxlength="1000"></label>`)}
    <button>Save</button>
  </fieldset>
</form>`;

/** What the form shows, so that only what was changed in it is written. */
export const shownFields = (ticket: TicketRow): Readonly<Record<string, string>> => ({
  title: ticket.title, state: ticket.state, priority: ticket.priority, group: ticket.group, caller: ticket.caller, externalReference: ticket.externalReference ?? '',
  ...Object.fromEntries(Object.entries(ticket.custom).map(([name, value]) => [`custom.${name}`, value === null ? '' : String(value)])),
});

const files = (at: string, attachments: readonly AttachmentRow[]): Html => (attachments.length === 0
  ? html`<p class="muted">None</p>`
  : html`<ul class="files">${attachments.map((file) => html`<li><a href="${at}/attachments/${file.id}">${file.name}</a> <small>${sizeOf(file.size)} · ${file.author}</small></li>`)}</ul>`);

const sizeOf = (bytes: number): string => (bytes < 1_024 ? `${bytes} B` : bytes < 1_048_576 ? `${Math.round(bytes / 1_024)} kB` : `${(bytes / 1_048_576).toFixed(1)} MB`);

/** Comments and changes in one order, newest first. */
function story({ comments, history }: TicketView): Html {
  const told = [
    ...comments.map((comment) => ({ id: comment.id, entry: commentEntry(comment) })),
    ...history.filter((entry) => entry.event !== 'commented').map((entry) => ({ id: entry.id, entry: historyEntry(entry) })),
  ].sort((one, other) => (one.id < other.id ? 1 : -1));
  return html`<ol class="story">${told.map(({ entry }) => entry)}</ol>`;
}

const commentEntry = (comment: CommentRow): Html => html`
<li class="comment ${comment.visibility}"><p class="who"><strong>${comment.author}</strong> ${comment.visibility === 'internal' ? html`<span class="chip internal">internal</span>` : ''} ${time(comment.at)}</p><p class="text">${comment.text}</p></li>`;

const historyEntry = (entry: HistoryRow): Html => html`
<li class="change"><p class="who"><strong>${entry.actor}</strong> ${WORDS[entry.event] ?? entry.event} ${time(entry.at)}</p>${Object.entries(entry.changes).map(([field, [before, after]]) => html`<p class="field"><span>${field}</span> ${shown(before)} → <b>${shown(after)}</b></p>`)}</li>`;

const WORDS: Readonly<Record<string, string>> = {
  created: 'opened the ticket', updated: 'changed', attached: 'attached', locked: 'locked the ticket', unlocked: 'unlocked the ticket', 'update-rejected': 'was refused: the ticket is locked',
};

const shown = (value: unknown): string => (value === null || value === undefined || value === '' ? '–' : String(value));
