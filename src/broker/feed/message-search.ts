import { fold } from '../../core/message/fold.js';
import type { EntityRef } from '../../core/message/message.js';
import type { EntityManager } from '../../store/data-source.js';
import { EndpointStore } from '../../store/endpoint/endpoint.store.js';
import { ConversationFeed } from '../../store/feed/conversation-feed.js';
import type { MessageFilter } from '../../store/feed/message-feed.js';
import { idRange, type IdRange } from '../../store/feed/scan.js';
import type { OrganizationId } from '../../store/organization.js';
import { memoryTerm } from '../../store/pipeline/memory-term.js';
import { Horizon } from './horizon.js';

/** Conversations whose messages are looked up one by one. */
const MOST_NAMED = 2_000;

/** How messages are looked for: as `MessageFilterDto` has it, and in which states. */
export interface MessageSearch {
  readonly ticketId?: string | undefined;
  readonly endpoint?: string | undefined;
  readonly entityType?: string | undefined;
  readonly rule?: string | undefined;
  readonly text?: string | undefined;
  readonly conversation?: string | undefined;
  readonly conversationAttribute?: readonly string[] | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** What the store is asked for: conversations by their ids where tickets or memory name few of them, and no message that the organization sees no longer. */
export async function messageSearch(organization: OrganizationId, manager: EntityManager, search: MessageSearch): Promise<{ readonly filter: MessageFilter; readonly between: (cursor: string | null) => IdRange }> {
  const { endpoint, entityType, rule, text } = search;
  const terms = (search.conversationAttribute ?? []).map(termOf);
  const conversations = await conversationsOf(organization, manager, search, terms);
  const since = (await Horizon.of(organization, manager)).since(instant(search.from));
  return {
    filter: {
      ...(endpoint === undefined ? {} : { endpoint }), ...(entityType === undefined ? {} : { entityType }), ...(conversations === undefined ? {} : { conversations }),
      ...(text === undefined ? {} : { text }), ...(rule === undefined ? {} : { rule }), terms,
    },
    between: (cursor) => idRange(since, instant(search.to), cursor),
  };
}

/** Where tickets can be: every entity type of every endpoint, folded as keys are. */
export async function placesOf(organization: OrganizationId, manager: EntityManager): Promise<EntityRef[]> {
  const endpoints = await new EndpointStore(organization, manager).all();
  return endpoints.flatMap((endpoint) => endpoint.entityTypes.map((one) => ({ endpoint: endpoint.id, entityType: fold((one as { readonly name: string }).name) })));
}

/** The conversations that a search is about; undefined where it is about all, or about more than can be named. */
async function conversationsOf(organization: OrganizationId, manager: EntityManager, { ticketId, conversation }: MessageSearch, terms: readonly bigint[]): Promise<readonly string[] | undefined> {
  const feed = new ConversationFeed(organization, manager);
  if (ticketId === undefined) return conversation === undefined ? conversationsWithAll(feed, terms) : [conversation];
  const found = await feed.withTicket(await placesOf(organization, manager), ticketId);
  return conversation === undefined ? found : found.filter((id) => id === conversation.toLowerCase());
}

/** The conversations of the rarest term. What is remembered by more than these is found soon among the newest messages. */
async function conversationsWithAll(feed: ConversationFeed, terms: readonly bigint[]): Promise<readonly string[] | undefined> {
  let fewest: readonly string[] | undefined;
  for (const term of terms) {
    const found = await feed.withTerm(term, MOST_NAMED);
    if (found !== null && (fewest === undefined || found.length < fewest.length)) fewest = found;
  }
  return fewest;
}

function termOf(attribute: string): bigint {
  const at = attribute.indexOf('=');
  return memoryTerm(attribute.slice(0, at).trim(), attribute.slice(at + 1).trim());
}

const instant = (text: string | undefined): number | null => (text === undefined ? null : Date.parse(text));
