import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AuditLog, type Principal } from '../../identity/index.js';
import { BulkItemStore } from '../../store/bulk/bulk-item.store.js';
import { BulkOperationStore, type BulkActor, type BulkRow } from '../../store/bulk/bulk-operation.store.js';
import { BulkSelectionStore, type BulkFilter } from '../../store/bulk/bulk-selection.js';
import type { EntityManager } from '../../store/data-source.js';
import { Database } from '../../store/database.js';
import type { OrganizationId } from '../../store/organization.js';
import { newId } from '../../store/pipeline/uuid.js';
import { pageOf, Problem, readCursor, type Page, type ProblemError } from '../../web/index.js';
import { bulkAction, confirmationOf, selectionOf, type BulkAction } from './bulk-action.js';
import { endOfBulk } from './bulk-end.js';
import { planFurther } from './bulk-plan.js';
import { BulkRunner } from './bulk-runner.service.js';
import { bulkDetail, bulkItem, bulkSummary } from './bulk-view.js';
import type { BulkDetail, BulkItemDto, BulkItemQuery, BulkPlanDto, BulkSummary } from './bulk.dto.js';

/** What a plan shows of its items. */
const SAMPLE = 10;
/** A plan is started within this time, or made anew: what it counted is too old then. */
const PLAN_SECONDS = 3_600;
const OF_DELAYED_ONLY = ['waitsFor', 'dueFrom', 'dueBefore'] as const;
const OF_MESSAGES_ONLY = ['ticketId', 'text', 'conversationAttribute'] as const;
/** What an act's subject is not found by. */
const NOT_FOUND_BY: Readonly<Record<BulkAction['subject'], readonly (keyof BulkFilter)[]>> = {
  delivery: [...OF_MESSAGES_ONLY, ...OF_DELAYED_ONLY, 'rule'], message: [...OF_DELAYED_ONLY, 'messages'], 'delayed execution': [...OF_MESSAGES_ONLY, 'messages'],
};
/** What a filter has no use for where the messages are named whose deliveries it finds. */
const NOT_BESIDE_MESSAGES = ['conversation', 'from', 'to'] as const;
/** How long the caller waits for a plan before it goes on in the background. */
const PLAN_AT_ONCE_MS = 2_000;

const actorOf = ({ kind, id, name }: Principal): BulkActor => ({ kind, id, name });

/** Acts on many: planned, started, watched, cancelled. What is done to each is the runner's. */
@Injectable()
export class Bulks {
  constructor(private readonly database: Database, private readonly audit: AuditLog, private readonly runner: BulkRunner) {}

  /** Finds what it would be about and does nothing to it. A search that takes long goes on in the background: the plan says `PLANNING` so long. */
  async plan(by: Principal, { action: name, ids, filter }: BulkPlanDto): Promise<BulkDetail> {
    const action = bulkAction(name)!; // the DTO knows the names
    if ((ids === undefined) === (filter === undefined)) throw Problem.invalid([{ pointer: '/filter', detail: 'name either ids or a filter' }]);
    const wrong = wrongFilters(action, filter ?? {});
    if (wrong.length > 0) throw Problem.invalid(wrong);
    const selection = selectionOf({ ...(ids === undefined ? {} : { ids }), ...(filter === undefined ? {} : { filter: { ...filter } }) });
    const id = newId();
    await this.database.inOrganization(by.organization, async (manager) => {
      const digest = hash('sha256', JSON.stringify([name, selection]), 'buffer');
      await new BulkOperationStore(by.organization, manager).create({ id, action: name, selection, digest, createdBy: actorOf(by) });
      if (selection.ids !== undefined) await pickAll(by.organization, manager, { id, action, ids: selection.ids, asked: ids! });
    });
    if (selection.ids === undefined) await this.search(by.organization, id, action);
    return this.show(by.organization, id);
  }

  show(organization: OrganizationId, id: string): Promise<BulkDetail> {
    return this.database.inOrganization(organization, async (manager) => this.detailOf(organization, manager, await existing(new BulkOperationStore(organization, manager).find(id), id)));
  }

  list(organization: OrganizationId, { cursor, limit }: { readonly cursor?: string; readonly limit: number }): Promise<Page<BulkSummary>> {
    return this.database.inOrganization(organization, async (manager) => {
      const rows = await new BulkOperationStore(organization, manager).page(readCursor(cursor, 'uuid')?.[0] ?? null, limit + 1);
      return pageOf(rows.map(bulkSummary), limit, (row) => [row.id]);
    });
  }

  items(organization: OrganizationId, id: string, { outcome, cursor, limit }: BulkItemQuery): Promise<Page<BulkItemDto>> {
    return this.database.inOrganization(organization, async (manager) => {
      await existing(new BulkOperationStore(organization, manager).find(id), id);
      const rows = await new BulkItemStore(organization, manager, id).page(outcome ?? null, readCursor(cursor, 'uuid')?.[0] ?? null, limit + 1);
      return pageOf(rows.map(bulkItem), limit, (row) => [row.id]);
    });
  }

  /** Starts a plan; one that was started goes on as it does. */
  async start(by: Principal, id: string, confirmation: string | undefined): Promise<BulkDetail> {
    const { organization } = by;
    const detail = await this.database.inOrganization(organization, async (manager) => {
      const store = new BulkOperationStore(organization, manager);
      const row = await existing(store.lock(id), id);
      if (row.state === 'PLANNED') {
        mayStart(row, confirmation);
        await store.start(id, actorOf(by));
      } else if (row.state === 'PLANNING') throw Problem.conflict('still-planning', 'This plan is still being counted; start it when it is PLANNED.');
      else if (row.state === 'CANCELLED') throw Problem.conflict('cancelled', 'This was cancelled; plan it anew.');
      return this.detailOf(organization, manager, await existing(store.find(id), id));
    });
    this.runner.wake();
    return detail;
  }

  /** Stops it: what was done stays done, the rest is left as it is. */
  cancel(by: Principal, id: string): Promise<BulkDetail> {
    const { organization } = by;
    return this.database.inOrganization(organization, async (manager) => {
      const store = new BulkOperationStore(organization, manager);
      const row = await existing(store.lock(id), id);
      if (row.state === 'DONE') throw Problem.conflict('already-done', 'All of it is done already.');
      if (row.state !== 'CANCELLED') {
        await store.cancel(id, actorOf(by));
        await endOfBulk(this.audit, { organization, manager }, row, by.name);
      }
      return this.detailOf(organization, manager, await existing(store.find(id), id));
    });
  }

  /** The first steps of a plan, for so long as somebody waits; the runner takes the rest. */
  private async search(organization: OrganizationId, id: string, action: BulkAction): Promise<void> {
    const until = performance.now() + PLAN_AT_ONCE_MS;
    let isPlanned = false;
    while (!isPlanned && performance.now() < until) {
      isPlanned = await this.database.inOrganization(organization, async (manager) => {
        const row = await new BulkOperationStore(organization, manager).lock(id);
        return row === null || row.state !== 'PLANNING' || planFurther(organization, manager, action, row);
      });
    }
    if (!isPlanned) this.runner.wake();
  }

  private async detailOf(organization: OrganizationId, manager: EntityManager, row: BulkRow): Promise<BulkDetail> {
    return bulkDetail(row, await new BulkItemStore(organization, manager, row.id).page(null, null, SAMPLE));
  }
}

/** What a filter asks for that what the act is about does not have. */
function wrongFilters({ subject, states }: BulkAction, filter: BulkFilter): ProblemError[] {
  const { status, messages } = filter;
  return [
    ...(status === undefined || states.includes(status) ? [] : [{ pointer: '/filter/status', detail: `no ${subject} that is ${status} can be acted on` }]),
    ...NOT_FOUND_BY[subject].filter((name) => filter[name] !== undefined).map((name) => ({ pointer: `/filter/${name}`, detail: `a ${subject} is not found by this` })),
    ...NOT_BESIDE_MESSAGES.filter((name) => messages !== undefined && filter[name] !== undefined).map((name) => ({ pointer: `/filter/${name}`, detail: 'belongs into `messages` beside it' })),
  ];
}

async function existing(reading: Promise<BulkRow | null>, id: string): Promise<BulkRow> {
  const row = await reading;
  if (row === null) throw Problem.missing(`bulk operation ${id}`);
  return row;
}

/** Takes ids that somebody chose; one that does not exist refuses the plan. */
async function pickAll(organization: OrganizationId, manager: EntityManager, { id, action, ids, asked }: { readonly id: string; readonly action: BulkAction; readonly ids: readonly string[]; readonly asked: readonly string[] }): Promise<void> {
  const found = new Set(await action.pick(new BulkSelectionStore(organization, manager, id), ids));
  const missing = asked.flatMap((one, at) => (found.has(one.toLowerCase()) ? [] : [{ pointer: `/ids/${at}`, detail: `there is no ${action.subject} "${one}"` }]));
  if (missing.length > 0) throw Problem.invalid(missing, 'Some of these do not exist; nothing was planned.');
  const store = new BulkOperationStore(organization, manager);
  await store.notePlanned(id, { total: found.size, plannedTo: null, isCut: false });
  await store.planned(id, await new BulkItemStore(organization, manager, id).groups());
}

function mayStart(row: BulkRow, given: string | undefined): void {
  if (row.total === 0) throw Problem.conflict('empty-plan', 'This plan found nothing: there is nothing to start.');
  if (row.ageSeconds > PLAN_SECONDS) throw Problem.conflict('plan-expired', 'This plan is more than an hour old; plan it anew.');
  const action = bulkAction(row.action);
  const wanted = action === undefined ? null : confirmationOf(action, row.total);
  if (wanted !== null && given?.trim() !== wanted) throw Problem.invalid([{ pointer: '/confirmation', detail: `send "${wanted}" to start it` }], 'What this does cannot be undone.');
}

