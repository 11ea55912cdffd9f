import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { mergeMemory, type MergedMemory } from '../../core/conversation/merge-memory.js';
import { fold } from '../../core/message/fold.js';
import { AuditLog, type Principal } from '../../identity/index.js';
import { METRICS, StageHub } from '../../queue/index.js';
import type { EntityManager } from '../../store/data-source.js';
import { Database } from '../../store/database.js';
import { ConversationEvents } from '../../store/feed/conversation-event.store.js';
import { ArrangeStore, type LockedConversation, type LockedLink } from '../../store/lane/arrange.store.js';
import { newId } from '../../store/pipeline/uuid.js';
import { Problem } from '../../web/index.js';
import type { Arrangement, MergeDto, SplitDto } from './arrange.dto.js';
import { planMerge, type ArrangeProblem } from './merge-plan.js';

/** How often it is looked whether those that work on the conversations have ended, and how long. */
const LOOK_MS = 40;
const PATIENCE_MS = 5_000;

const NO_MEMORY: Pick<MergedMemory, 'taken' | 'conflicts'> = { taken: [], conflicts: [] };
const BUSY: ArrangeProblem = { code: 'being-worked-on', detail: 'Messages or deliveries of these conversations are being worked on at this moment; try again.' };
/** What others hold for longer than a moment. */
const isLockTimeout = (error: unknown): boolean => ['55P03', '40P01'].includes(String((error as { code?: unknown }).code ?? (error as { driverError?: { code?: unknown } }).driverError?.code));

/** What one look at the locked conversations came to. */
interface Look {
  readonly arrangement: Arrangement;
  readonly isBusy: boolean;
}

/** Conversations that an operator joins or takes apart: each act whole or not at all, under the locks of all lanes that it touches. */
@Injectable()
export class Arrangements {
  constructor(private readonly database: Database, private readonly audit: AuditLog, private readonly hub: StageHub) {}

  /** Makes a conversation part of another one. */
  merge(by: Principal, from: string, { into, memory, reason }: MergeDto, dryRun: boolean): Promise<Arrangement> {
    if (from === into) throw Problem.conflict('same-conversation', 'A conversation cannot be merged into itself.');
    return this.untilFree(dryRun, (isLast) => this.database.inOrganization(by.organization, async (manager) => {
      const store = new ArrangeStore(by.organization, manager);
      const { conversations, links } = await store.lock([from, into]);
      const [source, target] = [conversations.find((one) => one.id === from), conversations.find((one) => one.id === into)];
      if (source === undefined && target !== undefined && (await store.mergedInto(from)) === into) return { arrangement: { ...nothing(from, into, dryRun), alreadyDone: true }, isBusy: false };
      if (source === undefined || target === undefined) throw await missing(store, source === undefined ? from : into);
      const plan = planMerge(source, target, links);
      const counts = await store.counts(from, source.doneSeq);
      const merged = mergeMemory(await store.memory(into), await store.memory(from), memory);
      const arrangement: Arrangement = {
        ...nothing(from, into, dryRun), tickets: await store.tickets(from), lanes: plan.lanes.map(({ endpoint, entityKey, ticketId, waiting, move }) => ({ endpoint, entityType: entityKey, ticketId, waiting, move })),
        messages: counts.messages, delayed: counts.delayed, attachments: counts.attachments, memory: { taken: [...merged.taken], conflicts: [...merged.conflicts] }, problems: [...plan.problems],
      };
      if (dryRun || ((plan.isBusy || plan.maySettle) && !isLast)) return { arrangement, isBusy: dryRun ? plan.isBusy : true };
      refuse(plan.problems, plan.isBusy);
      await store.merge(source, target, plan.lanes);
      await store.writeMemory(into, merged, by.name, `merged from conversation ${from}`);
      const events = new ConversationEvents(by.organization, manager);
      await events.goAlong(from, into, by.name);
      const details = { tickets: arrangement.tickets, messages: counts.messages, deliveries: counts.deliveries, delayed: counts.delayed, memoryRule: memory, ...arrangement.memory, ...(reason === undefined ? {} : { reason }) };
      await events.add({ conversation: into, kind: 'MERGED', other: from, details, actor: by.name });
      await this.audit.record(manager, by.organization, by, 'conversation.merge', from, { into, memory, reason: reason ?? null, tickets: arrangement.tickets });
      METRICS.arranged.inc({ act: 'merge' });
      return { arrangement, isBusy: false };
    }));
  }

  /** Gives a ticket a conversation of its own. */
  split(by: Principal, from: string, { endpoint, entityType, ticketId, reason }: SplitDto, dryRun: boolean): Promise<Arrangement> {
    const ticket = { endpoint, entityType: fold(entityType), ticketId };
    return this.untilFree(dryRun, (isLast) => this.database.inOrganization(by.organization, async (manager) => {
      const store = new ArrangeStore(by.organization, manager);
      const { conversations: [source], links } = await store.lock([from]);
      if (source === undefined) throw await missing(store, from);
      const link = links.find((one) => one.endpoint === endpoint && one.entityKey === ticket.entityType && one.ticketId === ticketId) ?? null;
      const isBusy = source.isClaimed || link?.isClaimed === true;
      const entityTypes = (await store.entityTypesOf(from, endpoint)).filter((one) => fold(one) === ticket.entityType);
      const problems = await whyNotSplit(store, source, ticket);
      const arrangement: Arrangement = {
        ...nothing(from, null, dryRun), tickets: [ticket], messages: await store.messagesOf(from, ticket, entityTypes), problems,
        lanes: link === null ? [] : [{ endpoint, entityType: link.entityKey, ticketId, waiting: link.waiting, move: 'MOVES' }],
      };
      if (dryRun || (isBusy && !isLast)) return { arrangement, isBusy };
      refuse(problems, isBusy);
      return { arrangement: { ...arrangement, into: await this.splitOff(manager, by, { source, ticket, link, entityTypes, reason }) }, isBusy: false };
    }));
  }

  private async splitOff(manager: EntityManager, by: Principal, { source, ticket, link, entityTypes, reason }: Splitting): Promise<string> {
    const id = newId();
    await new ArrangeStore(by.organization, manager).split(source, ticket, { id, link, entityTypes });
    const events = new ConversationEvents(by.organization, manager);
    const details = { ticket, ...(reason === undefined ? {} : { reason }) };
    await events.add({ conversation: source.id, kind: 'SPLIT_OFF', other: id, details, actor: by.name });
    await events.add({ conversation: id, kind: 'SPLIT_FROM', other: source.id, details, actor: by.name });
    await this.audit.record(manager, by.organization, by, 'conversation.split', source.id, { into: id, ticket, reason: reason ?? null });
    METRICS.arranged.inc({ act: 'split' });
    return id;
  }

  /** Whoever works on a conversation ends in a moment, as a rule: it is looked again for a while, without holding anything. */
  private async untilFree(dryRun: boolean, look: (isLast: boolean) => Promise<Look>): Promise<Arrangement> {
    const until = performance.now() + PATIENCE_MS;
    for (;;) {
      const isLast = performance.now() >= until;
      const seen = await look(isLast).catch((error: unknown) => {
        if (!isLockTimeout(error)) throw error;
        if (isLast) throw Problem.conflict(BUSY.code, BUSY.detail);
        return null;
      });
      if (seen !== null && (dryRun || !seen.isBusy)) {
        if (!dryRun && !seen.arrangement.alreadyDone) for (const stage of ['route', 'deliver'] as const) this.hub.left(stage);
        return dryRun && seen.isBusy ? { ...seen.arrangement, problems: [...seen.arrangement.problems, BUSY] } : seen.arrangement;
      }
      await sleep(LOOK_MS);
    }
  }
}

interface Splitting {
  readonly source: LockedConversation;
  readonly ticket: { readonly endpoint: string; readonly entityType: string; readonly ticketId: string };
  readonly link: LockedLink | null;
  readonly entityTypes: readonly string[];
  readonly reason: string | undefined;
}

const nothing = (from: string, into: string | null, dryRun: boolean): Arrangement => ({
  dryRun, alreadyDone: false, from, into, tickets: [], lanes: [], messages: 0, delayed: 0, attachments: 0, memory: { taken: [...NO_MEMORY.taken], conflicts: [...NO_MEMORY.conflicts] }, problems: [],
});

function refuse(problems: readonly ArrangeProblem[], isBusy: boolean): void {
  const [first] = isBusy ? [BUSY] : problems;
  if (first !== undefined) throw Problem.conflict(first.code, !isBusy && problems.length > 1 ? problems.map(({ detail }) => detail).join(' ') : first.detail);
}

async function whyNotSplit(store: ArrangeStore, source: LockedConversation, ticket: Splitting['ticket']): Promise<ArrangeProblem[]> {
  const place = `${ticket.endpoint} ${ticket.entityType} ${ticket.ticketId}`;
  const owner = await store.ownerOf(ticket);
  if (owner !== source.id) return [{ code: 'not-its-ticket', detail: owner === null ? `Nobody knows the ticket ${place}.` : `The ticket ${place} belongs to the conversation ${owner}.` }];
  if (source.blocked === 'AWAITING_CREATE') return [{ code: 'awaits-create', detail: 'The conversation waits for the answer that may name its ticket; it is settled within seconds, try again then.' }];
  if ((await store.tickets(source.id)).length < 2) return [{ code: 'only-ticket', detail: `The ticket ${place} is the only one of its conversation.` }];
  return [];
}

async function missing(store: ArrangeStore, id: string): Promise<Problem> {
  const into = await store.mergedInto(id);
  return into === null ? Problem.missing(`conversation ${id}`) : Problem.conflict('merged-already', `The conversation ${id} is part of the conversation ${into}.`);
}
