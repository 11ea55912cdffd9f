/** A part of a rule document. */
export type Part = Readonly<Record<string, unknown>>;

/** One end of an integration, as its rules name it. */
export interface End {
  readonly endpoint: string;
  readonly entityType: string;
}

/** From one end to the other. */
export interface Way {
  readonly from: End;
  readonly to: End;
}

export const SOURCE: End = { endpoint: '{{source}}', entityType: '{{sourceEntityType}}' };
export const TARGET: End = { endpoint: '{{target}}', entityType: '{{targetEntityType}}' };

/** States in which work goes on, and those in which it has ended. Other words are left to rules of one's own. */
export const ACTIVE = ['new', 'assigned', 'inProgress', 'pending', 'onHold', 'reopened'] as const;
export const ENDED = ['resolved', 'closed', 'cancelled'] as const;

/** What an end is known to say of an attribute: by its own messages, or because it was sent there. Its name in the conversation. */
export const known = (attribute: string, end: End): string => `${attribute} at ${end.endpoint}`;
export const kept = (name: string): string => `\${sf:conversation:${name}}`;

export const condition = (attribute: string, operator: string, ...values: readonly string[]): Part => ({ attribute, operator, values });
export const fixed = (template: string, targetAttribute: string): Part => ({ type: 'Single', template, targetAttribute });
export const copy = (attribute: string, targetAttribute = attribute): Part => fixed(`\${${attribute}}`, targetAttribute);
/** Copies what is filled over what the target attribute has. */
export const copyFilled = (attribute: string, targetAttribute: string): Part =>
  ({ type: 'Table', sources: [attribute], targets: [targetAttribute], rows: [{ when: [{ match: 'NOT_BLANK' }], then: [`\${${attribute}}`] }] });

/** Refusals that are told one after the other are counted; what people do begins anew. */
export const REFUSALS_OVER: Part = { type: 'CounterReset', counterName: 'refusals' };

/** A rule that sends something along the way. A response rule hears the answers of the end that the way starts at. */
export const route = ({ from, to }: Way, name: string, targetCondition: string, rest: Part): Part => ({
  name: `${from.endpoint} → ${to.endpoint}: ${name}`, sourceSystemId: from.endpoint, sourceEntityType: from.entityType, targetSystemId: to.endpoint, targetEntityType: to.entityType, targetCondition, ...rest,
});

/** A rule that only changes the memory of the conversation. */
export const remembers = (from: End, name: string, rest: Part): Part =>
  ({ name: `${from.endpoint}: ${name}`, action: 'PROCESS_ONLY', sourceSystemId: from.endpoint, sourceEntityType: from.entityType, ...rest });

/** Tickets of both ends, as a conversation of a test knows them. */
const ticketOf = ({ endpoint, entityType }: End, ticketId: string): Part => ({ endpoint, entityType, ticketId });
export const message = ({ endpoint, entityType }: End, attributes: Part, more: Part = {}): Part => ({ endpoint, entityType, ticketId: 'A-1', attributes, ...more });
export const bothKnow = ({ from, to }: Way, more: Part = {}): Part => ({ ticketIds: [ticketOf(from, 'A-1'), ticketOf(to, 'B-1')], ...more });

/** A test in which a message of the way's start comes to these deliveries at its end. */
export const sends = (way: Way, name: string, given: { readonly attributes: Part; readonly conversation?: Part; readonly message?: Part }, ...updates: readonly Part[]): Part => ({
  name, message: message(way.from, given.attributes, given.message), conversation: bothKnow(way, given.conversation),
  expect: { outcome: 'ROUTED', outbound: updates.map((attributes) => ({ endpoint: way.to.endpoint, operation: 'UPDATE', attributes })) },
});

/** A test in which the message is none of the rule's business. */
export const passes = (way: Way, name: string, attributes: Part, conversation: Part = {}): Part =>
  ({ name, message: message(way.from, attributes), conversation: bothKnow(way, conversation), expect: { outcome: 'NO_ROUTE', outbound: [] } });
