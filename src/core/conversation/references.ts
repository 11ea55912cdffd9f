import { elementAsText } from '../message/as-text.js';
import type { AttributeIndex } from '../message/attribute-index.js';
import { elementsOf } from '../message/elements-of.js';
import type { EntityRef, TicketRef } from '../message/message.js';

/** Says which attribute of an entity type carries which endpoint's ticket id. */
export interface ReferenceSetting extends EntityRef {
  readonly attribute: string;
}

/**
 * The tickets that a message names: those that it lists itself, then those in the attributes that are configured as
 * references, in the order of the settings. Blank values name none; a multi-value may name several.
 */
export function referencesOf(
  attributes: AttributeIndex,
  settings: readonly ReferenceSetting[],
  listed: readonly TicketRef[] = [],
): readonly TicketRef[] {
  const configured = settings.flatMap(({ attribute, endpoint, entityType }) =>
    elementsOf(attributes.get(attribute))
      .map(elementAsText)
      .filter((ticketId) => ticketId.trim() !== '')
      .map((ticketId): TicketRef => ({ endpoint, entityType, ticketId })),
  );
  return [...listed, ...configured];
}
