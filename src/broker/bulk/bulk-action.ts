import type { EntityManager } from '../../store/data-source.js';
import type { BulkItemRow } from '../../store/bulk/bulk-item.store.js';
import type { BulkFilter, BulkSelection, BulkSelectionStore, PlannedTo, PlanStep } from '../../store/bulk/bulk-selection.js';
import { idRange, type IdRange } from '../../store/feed/scan.js';
import { DelayedActStore, type DelayedOrder } from '../../store/lane/delayed-act.store.js';
import { LaneActStore } from '../../store/lane/lane-act.store.js';
import { MessageActStore } from '../../store/lane/message-act.store.js';
import type { OrganizationId } from '../../store/organization.js';
import { orderWaiting, takeWaiting } from '../act/delayed-act.js';
import { DELIVERY_ACTS, takeInHand, type DeliveryActName } from '../act/delivery-act.js';
import { retryMessage } from '../act/message-act.js';
import { messageSearch } from '../feed/message-search.js';

/** Whose items are acted on, by whom, in which transaction. */
export interface BulkHand {
  readonly organization: OrganizationId;
  readonly manager: EntityManager;
  /** Name of who started it. */
  readonly by: string;
}

/** Where a plan looks and what it finds is written. */
export interface BulkPlan extends Pick<BulkHand, 'organization' | 'manager'> {
  readonly store: BulkSelectionStore;
}

/** One kind of act on many: what it is about, how it is found, how it is done to one. The API, its documentation and the runner read the list below. */
export interface BulkAction {
  readonly name: string;
  readonly subject: 'delivery' | 'message' | 'delayed execution';
  /** States that it may be asked for; without one it is about all of them. */
  readonly states: readonly string[];
  /** Whether what it does cannot be undone: then it is started by typing what it does. */
  readonly isDestructive: boolean;
  /** Takes the ids that exist and answers them. */
  readonly pick: (store: BulkSelectionStore, ids: readonly string[]) => Promise<string[]>;
  /** Takes the next of what the filter finds, at most about `most`. */
  readonly search: (plan: BulkPlan, filter: BulkFilter, at: PlannedTo | null, most: number) => Promise<PlanStep>;
  /** Locks what the items stand in, in the order in which everybody locks. */
  readonly lock: (hand: BulkHand, ids: readonly string[]) => Promise<void>;
  /** Does it to one; a Problem where its state does not allow it. Answers whether anything was done, or why nothing had to be. */
  readonly act: (hand: BulkHand, item: BulkItemRow) => Promise<ActedOn>;
}

/** `changed`: the state that it has now instead of the one that was planned. */
export type ActedOn = { readonly kind: 'done' } | { readonly kind: 'changed'; readonly state: string };

/** Most items of one plan: what is beyond is told, and wants another plan. */
export const MOST_ITEMS = 100_000;

const rangeOf = ({ from, to }: BulkFilter): IdRange => idRange(from === undefined ? null : Date.parse(from), to === undefined ? null : Date.parse(to), null);

/** Messages as the feed finds them, so that what is seen there is what is taken. */
async function inFeed({ organization, manager }: BulkPlan, { state, ...search }: NonNullable<BulkFilter['messages']>): ReturnType<typeof messageSearch> {
  const { filter, between } = await messageSearch(organization, manager, search);
  return { filter: { ...filter, ...(state === undefined ? {} : { states: [state] }) }, between };
}

const onDeliveries = (verb: DeliveryActName, isDestructive: boolean): BulkAction => ({
  name: `delivery.${verb}`, subject: 'delivery', states: ['QUEUED', 'RETRYING', 'HELD', 'DEAD'], isDestructive,
  pick: (store, ids) => store.deliveriesById(ids),
  search: async (plan, filter, at, most) => {
    if (filter.messages === undefined) return plan.store.deliveriesThatWait(filter, rangeOf(filter), at, most);
    const { filter: messages, between } = await inFeed(plan, filter.messages);
    return plan.store.deliveriesOfMessages(messages, filter, between(null), at);
  },
  lock: ({ organization, manager }, ids) => new LaneActStore(organization, manager).lockAll(ids),
  act: async ({ organization, manager }, item) => {
    const inHand = await takeInHand(new LaneActStore(organization, manager), item.subject);
    const { state } = inHand.delivery;
    if (state !== item.stateThen) return { kind: 'changed', state };
    await DELIVERY_ACTS[verb](inHand);
    return { kind: 'done' };
  },
});

const onDelayed = (order: DelayedOrder, isDestructive: boolean): BulkAction => ({
  name: `delayed-execution.${order.toLowerCase()}`, subject: 'delayed execution', states: ['WAITING'], isDestructive,
  pick: (store, ids) => store.executionsById(ids),
  search: ({ store }, filter, at) => store.executionsThatWait(filter, rangeOf(filter), at),
  lock: ({ organization, manager }, ids) => new DelayedActStore(organization, manager).lockConversationsOf(ids),
  act: async ({ organization, manager, by }, item) => {
    const store = new DelayedActStore(organization, manager);
    const inHand = await takeWaiting(store, item.subject);
    if (inHand.state !== item.stateThen) return { kind: 'changed', state: inHand.state };
    await orderWaiting(store, inHand, order, by);
    return { kind: 'done' };
  },
});

/** Every act on many. */
export const BULK_ACTIONS: readonly BulkAction[] = [
  onDeliveries('retry', false), onDeliveries('hold', false), onDeliveries('skip', true), onDeliveries('cancel', true),
  {
    name: 'message.retry', subject: 'message', states: ['FAILED'], isDestructive: false,
    pick: (store, ids) => store.messagesById(ids),
    search: async (plan, filter, at) => {
      const { filter: messages, between } = await inFeed(plan, { ...filter, state: 'FAILED' });
      return plan.store.messages(messages, between(null), at);
    },
    lock: ({ organization, manager }, ids) => new MessageActStore(organization, manager).lockConversationsOf(ids),
    act: async ({ organization, manager, by }, item) => {
      const state = await new MessageActStore(organization, manager).state(item.subject);
      if (state !== null && state !== item.stateThen) return { kind: 'changed', state };
      await retryMessage(organization, manager, item.subject, by);
      return { kind: 'done' };
    },
  },
  onDelayed('RELEASE', false), onDelayed('CANCEL', true),
];

/** The act of this name; one that a newer instance planned is not known to an older one. */
export const bulkAction = (name: string): BulkAction | undefined => BULK_ACTIONS.find((action) => action.name === name);

/** What must be typed to start it: the verb and the number; null where nothing must be. */
export const confirmationOf = (action: BulkAction, total: number): string | null => (action.isDestructive ? `${action.name.slice(action.name.indexOf('.') + 1)} ${total}` : null);

/** The selection as it is stored: without what is not set, in one order, so that the same has the same digest. */
export function selectionOf({ ids, filter }: BulkSelection): BulkSelection {
  if (ids !== undefined) return { ids: [...new Set(ids.map((id) => id.toLowerCase()))].sort() };
  const { messages, ...own } = filter ?? {};
  return { filter: { ...named(own), ...(messages === undefined ? {} : { messages: named(messages) }) } };
}

const named = <T extends object>(filter: T): T => Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined).sort(([a], [b]) => (a < b ? -1 : 1))) as T;
