import type { TicketRow } from '../../store/sandbox/sandbox-row.js';
import type { SandboxOptions } from '../options.js';
import { chip, time } from './frame.js';
import { html, type Html } from './html.js';

export interface ListView {
  readonly base: string;
  readonly options: SandboxOptions;
  readonly tickets: readonly TicketRow[];
  readonly state: string | null;
  readonly text: string | null;
}

/** All tickets, newest change first. */
export function listPage({ base, options, tickets, state, text }: ListView): Html {
  return html`
<div class="bar">
  <h1>Tickets</h1>
  <form method="get" action="${base}" role="search">
    <input type="search" name="q" value="${text ?? ''}" placeholder="Id or title" aria-label="Id or title">
    <select name="state" aria-label="State"><option value="">All states</option>${options.states.map((one) => html`<option${one === state ? html` selected` : ''}>${one}</option>`)}</select>
    <button class="quiet">Search</button>
  </form>
  <a class="button" href="${base}/new">New ticket</a>
</div>
<div id="tickets" data-live>${tickets.length === 0 ? empty(base, state !== null || text !== null) : table(base, options, tickets)}</div>`;
}

const empty = (base: string, isFiltered: boolean): Html => (isFiltered
  ? html`<p class="empty">No ticket fits. <a href="${base}">Show all</a></p>`
  : html`<div class="empty"><p>There are no tickets yet.</p><p><a class="button" href="${base}/new">Open the first ticket</a></p></div>`);

const table = (base: string, options: SandboxOptions, tickets: readonly TicketRow[]): Html => html`
<table class="list">
  <thead><tr><th>Ticket</th><th>Title</th><th>State</th><th>Priority</th><th>Group</th><th>Other side</th><th>Changed</th></tr></thead>
  <tbody>${tickets.map((ticket) => html`
    <tr>
      <td class="id"><a href="${base}/tickets/${ticket.id}">${ticket.id}</a>${ticket.lockedBy === null ? '' : html` <span class="lock" title="Locked by ${ticket.lockedBy}">locked</span>`}</td>
      <td class="title"><a href="${base}/tickets/${ticket.id}">${ticket.title}</a></td>
      <td>${chip(ticket.state, options.states, 'state')}</td>
      <td>${chip(ticket.priority, options.priorities, 'priority')}</td>
      <td>${ticket.group}</td>
      <td class="id">${ticket.externalReference ?? ''}</td>
      <td class="when">${time(ticket.updatedAt)}</td>
    </tr>`)}
  </tbody>
</table>`;
