import { Injectable } from '@nestjs/common';
import type { EntityManager } from '../../store/data-source.js';
import { Database } from '../../store/database.js';
import { EndpointStore } from '../../store/endpoint/endpoint.store.js';
import { ConversationEvents } from '../../store/feed/conversation-event.store.js';
import { ConversationFeed } from '../../store/feed/conversation-feed.js';
import { DeliveryFeed } from '../../store/feed/delivery-feed.js';
import { MessageFeed } from '../../store/feed/message-feed.js';
import { idRange } from '../../store/feed/scan.js';
import type { OrganizationId } from '../../store/organization.js';
import { Problem, readCursor, writeCursor } from '../../web/index.js';
import { conversationEventOf, delayedOf, lanesOf, memoryChangeOf, ticketsOf, timelineOf } from './conversation-view.js';
import type { ConversationDetail, ConversationSummary } from './conversation.dto.js';
import { deliveryDetail, deliverySummary, editOf, waits } from './delivery-view.js';
import { restsOf, type Rests } from './endpoint-rest.js';
import { Explainer } from './explainer.service.js';
import type { DeliveryDetail, DeliveryQuery, DeliverySummaryPage, MessageQuery, MessageSummaryPage } from './feed.dto.js';
import type { Feeds } from './feeds.js';
import { Horizon, isOpen } from './horizon.js';
import type { MessageDetail } from './message-detail.dto.js';
import type { MessageMemory } from './message-memory.dto.js';
import { messageSearch, placesOf } from './message-search.js';
import { messageDetail, messageSummary } from './message-view.js';
import { readPastMessage } from './past-message.js';

/** Entries of a conversation that are shown at once. */
const MOST = 500;

/** Reads what happened to messages: lists, details, conversations. */
@Injectable()
export class Feed {
  constructor(private readonly database: Database, private readonly explainer: Explainer) {}

  messages(organization: OrganizationId, query: MessageQuery): Promise<MessageSummaryPage> {
    return this.reading(organization, async (feeds, manager) => {
      const { filter, between } = await messageSearch(organization, manager, query);
      const cursor = readCursor(query.cursor, 'uuid')?.[0] ?? null;
      const { rows, resumeBefore } = await feeds.messages.page({ ...filter, ...(query.state === undefined ? {} : { states: [query.state] }) }, between(cursor), query.limit);
      const among = [...new Set(rows.flatMap((row) => row.conversationId ?? []))];
      const deliveries = await feeds.deliveries.ofMessages(among, rows.map((row) => row.id));
      const rests = await restsFor(organization, manager, deliveries.filter(waits));
      return { items: rows.map((row) => messageSummary(row, deliveries, rests)), nextCursor: resumeBefore === null ? null : writeCursor([resumeBefore]) };
    });
  }

  message(organization: OrganizationId, id: string, withExplanation: boolean): Promise<MessageDetail> {
    return this.reading(organization, async (feeds, manager) => {
      const row = await feeds.messages.find(id);
      if (row === null || !(await Horizon.of(organization, manager)).showsMessage(row)) throw Problem.missing(`message ${id}`);
      const attachments = await feeds.messages.attachments([id]);
      const deliveries = row.conversationId === null ? [] : await feeds.deliveries.ofMessage(row.conversationId, id);
      const attempts = await feeds.deliveries.attempts(deliveries.map((one) => one.id));
      const rests = await restsFor(organization, manager, deliveries.filter(waits));
      const explanation = withExplanation ? await this.explainer.explain(organization, feeds, row, attachments) : undefined;
      return {
        ...messageDetail(row, attachments), ...(explanation === undefined ? {} : { explanation }),
        deliveries: deliveries.map((one) => deliveryDetail(one, attempts, rests)),
      };
    });
  }

  memory(organization: OrganizationId, id: string): Promise<MessageMemory> {
    return this.reading(organization, async (feeds, manager) => {
      const row = await feeds.messages.find(id);
      if (row === null || !(await Horizon.of(organization, manager)).showsMessage(row)) throw Problem.missing(`message ${id}`);
      const past = row.conversationId === null ? null : await readPastMessage(feeds, row, []);
      const changes = row.conversationId === null ? [] : (await feeds.conversations.memoryChanges(row.conversationId, MOST)).filter((one) => one.messageId === id).reverse();
      return { before: past === null ? null : { attributes: { ...past.conversation.attributes }, counters: { ...past.conversation.counters } }, changes: changes.map(memoryChangeOf) };
    });
  }

  deliveries(organization: OrganizationId, query: DeliveryQuery): Promise<DeliverySummaryPage> {
    return this.reading(organization, async (feeds, manager) => {
      const cursor = readCursor(query.cursor, 'uuid')?.[0] ?? null;
      // Open ones are shown however old they are; without a state the list ends where the others do.
      const since = query.status !== undefined && isOpen(query.status) ? null : (await Horizon.of(organization, manager)).fromMs;
      const filter = { ...(query.status === undefined ? {} : { states: [query.status] }), ...(query.endpoint === undefined ? {} : { endpoint: query.endpoint }) };
      const { rows, resumeBefore } = await feeds.deliveries.page(filter, idRange(since, null, cursor), query.limit);
      const rests = await restsFor(organization, manager, rows.filter(waits));
      return { items: rows.map((row) => deliverySummary(row, rests)), nextCursor: resumeBefore === null ? null : writeCursor([resumeBefore]) };
    });
  }

  delivery(organization: OrganizationId, id: string): Promise<DeliveryDetail> {
    return this.reading(organization, async (feeds, manager) => {
      const row = await feeds.deliveries.find(id);
      if (row === null || !(await Horizon.of(organization, manager)).showsDelivery(row)) throw Problem.missing(`delivery ${id}`);
      const rests = await restsFor(organization, manager, [row].filter(waits));
      return { ...deliveryDetail(row, await feeds.deliveries.attempts([id]), rests), edits: (await feeds.deliveries.edits(id)).map(editOf) };
    });
  }

  /** One that was merged is the one that it is part of. */
  conversation(organization: OrganizationId, asked: string): Promise<ConversationDetail> {
    return this.reading(organization, async ({ conversations, messages, deliveries, events }, manager) => {
      const id = (await conversations.mergedInto(asked)) ?? asked;
      const [found] = await conversations.byIds([id]);
      if (found === undefined) throw Problem.missing(`conversation ${asked}`);
      const horizon = await Horizon.of(organization, manager);
      const messageRows = (await messages.ofConversation(id, MOST)).filter(horizon.showsMessage).reverse();
      const deliveryRows = (await deliveries.ofConversation(id, MOST)).filter(horizon.showsDelivery).reverse();
      const attempts = await deliveries.attempts(deliveryRows.map((row) => row.id));
      const links = await conversations.links(id);
      const unfinished = await deliveries.unfinished(id);
      const rests = await restsFor(organization, manager, links);
      const memory = await conversations.memory(id);
      const shownMessages = messageRows.map((row) => messageSummary(row, deliveryRows, rests));
      const shownDeliveries = deliveryRows.map((row) => deliveryDetail(row, attempts, rests));
      return {
        id, updatedAt: found.updatedAt.toISOString(), tickets: ticketsOf(await conversations.tickets(id), links, deliveryRows), lanes: lanesOf(found, links, unfinished, rests),
        attributes: { ...memory.attributes }, counters: { ...memory.counters }, events: (await events.of(id, MOST)).map(conversationEventOf), memoryChanges: (await conversations.memoryChanges(id, MOST)).map(memoryChangeOf),
        timeline: timelineOf(shownMessages, shownDeliveries), messages: shownMessages, deliveries: shownDeliveries,
        delayed: (await conversations.delayed(id, MOST)).map(delayedOf), attachments: await messages.attachments(messageRows.map((row) => row.id)),
      };
    });
  }

  conversationsWith(organization: OrganizationId, ticketId: string): Promise<ConversationSummary[]> {
    return this.reading(organization, async ({ conversations }, manager) => {
      const found = await conversations.byIds(await conversations.withTicket(await placesOf(organization, manager), ticketId));
      const summaries: ConversationSummary[] = [];
      for (const row of found) {
        summaries.push({ id: row.id, updatedAt: row.updatedAt.toISOString(), tickets: ticketsOf(await conversations.tickets(row.id), await conversations.links(row.id), []) });
      }
      return summaries;
    });
  }

  private reading<T>(organization: OrganizationId, work: (feeds: Feeds, manager: EntityManager) => Promise<T>): Promise<T> {
    return this.database.inOrganization(organization, (manager) => work({
      messages: new MessageFeed(organization, manager), deliveries: new DeliveryFeed(organization, manager), conversations: new ConversationFeed(organization, manager),
      events: new ConversationEvents(organization, manager),
    }, manager));
  }
}

/** Why nothing is sent to where something waits; most of the time nothing does. */
async function restsFor(organization: OrganizationId, manager: EntityManager, waiting: readonly { readonly endpoint: string }[]): Promise<Rests> {
  if (waiting.length === 0) return new Map();
  return restsOf(await new EndpointStore(organization, manager).standings([...new Set(waiting.map(({ endpoint }) => endpoint))]), Date.now());
}
