import type { AcceptedMessage } from './accept.js';

/**
 * Cuts what is to be accepted where a message refers to a ticket that an earlier one brings: one statement does not see what it inserts itself,
 * so each part is accepted by one of its own. The order stays; without such references there is one part. `aliasesOf`: further ids that a message brings.
 */
export function cutAtReferences<T>(items: readonly T[], messageOf: (item: T) => AcceptedMessage, aliasesOf: (item: T) => readonly string[] = () => []): T[][] {
  const parts: T[][] = [[]];
  let tickets = new Set<string>();
  let aliases = new Set<string>();
  for (const item of items) {
    const message = messageOf(item);
    const named = (endpoint: string, entityKey: string, ticketId: string | null): string => JSON.stringify([message.organization, endpoint, entityKey, ticketId]);
    const own = named(message.endpoint, message.entityKey, message.ticketId);
    const isBrought = (name: string): boolean => tickets.has(name) || aliases.has(name);
    if (aliases.has(own) || message.references.some((one) => isBrought(named(one.endpoint, one.entityKey, one.ticketId)))) {
      parts.push([]);
      tickets = new Set();
      aliases = new Set();
    }
    if (message.ticketId !== null) tickets.add(own);
    for (const alias of aliasesOf(item)) aliases.add(named(message.endpoint, message.entityKey, alias));
    parts.at(-1)!.push(item);
  }
  return parts.filter((part) => part.length > 0);
}
