import { AttributeIndex } from '../message/attribute-index.js';
import { fold, sameName } from '../message/fold.js';
import type { Attachment, Message, Operation } from '../message/message.js';
import { sameValue } from '../message/same-value.js';
import type { Attributes } from '../message/value.js';

/** A delivery that was `SENT` to the message's ticket. */
export interface SentDelivery {
  readonly id: string;
  readonly operation: Operation;
  /** When its successful attempt began, in milliseconds since 1970. */
  readonly beganMs: number;
  readonly attributes: Attributes;
  readonly attachments: readonly Pick<Attachment, 'name' | 'size'>[];
}

/** What an endpoint's echoes are told by. */
export interface EchoSettings {
  /** Sender ids under which we ourselves work there. */
  readonly integrationUsers: readonly string[];
  readonly byValue: boolean;
}

/** What is known about a message's ticket when it arrives. */
export interface EchoFacts {
  readonly message: Pick<Message, 'attributes' | 'attachments' | 'sender'>;
  readonly receivedMs: number;
  /** The ticket's last known values; null for its first message. */
  readonly previous: Attributes | null;
  /** When another message of the ticket was last received; null for never. */
  readonly lastReceivedMs: number | null;
  readonly deliveries: readonly SentDelivery[];
}

/** An echo, how it was told, and its receipt: the delivery that came back (by sender it may be unknown). */
export interface Echo {
  readonly by: 'sender' | 'value';
  readonly delivery: string | null;
}

const WINDOW_MS = 10 * 60_000;

/** Whether a message is only our own delivery coming back; null where it is not, and in every doubt. */
export function findEcho(facts: EchoFacts, settings: EchoSettings): Echo | null {
  const latestFirst = [...facts.deliveries].sort((left, right) => right.beganMs - left.beganMs);
  const cameBack = latestFirst.find((delivery) => cameBackByValue(delivery, facts));
  const { sender } = facts.message;
  if (sender !== null && settings.integrationUsers.some((user) => sameName(user, sender.id))) {
    const recent = cameBack ?? latestFirst.find((delivery) => isRecent(delivery, facts));
    return { by: 'sender', delivery: recent?.id ?? null };
  }
  return settings.byValue && cameBack !== undefined ? { by: 'value', delivery: cameBack.id } : null;
}

function cameBackByValue(delivery: SentDelivery, facts: EchoFacts): boolean {
  if (!isRecent(delivery, facts)) return false;
  if (facts.lastReceivedMs !== null && facts.lastReceivedMs >= delivery.beganMs) return false;
  if (!facts.message.attachments.every((attachment) => wasSent(attachment, delivery))) return false;
  const delivered = new AttributeIndex(delivery.attributes);
  const received = [...new AttributeIndex(facts.message.attributes).entries()];
  const isOwnCreate = facts.previous === null && delivery.operation === 'CREATE';
  // The first message of a ticket that we made brings the target's own fields too; only the shared ones can tell.
  const telling = isOwnCreate
    ? received.filter(([name]) => delivered.getFolded(name) !== undefined)
    : differing(received, facts.previous);
  return telling.length > 0 && telling.every(([name, value]) => sameValue(value, delivered.getFolded(name)));
}

type Entry = [string, Attributes[string]];

function differing(received: readonly Entry[], previous: Attributes | null): readonly Entry[] {
  const known = new AttributeIndex(previous ?? {});
  return received.filter(([name, value]) => !sameValue(value, known.getFolded(name)));
}

function isRecent(delivery: SentDelivery, facts: EchoFacts): boolean {
  return delivery.beganMs <= facts.receivedMs && facts.receivedMs - delivery.beganMs <= WINDOW_MS;
}

/** A target gives files ids of its own, so that name and size have to tell. */
function wasSent(attachment: Pick<Attachment, 'name' | 'size'>, delivery: SentDelivery): boolean {
  return delivery.attachments.some((sent) => sent.size === attachment.size && fold(sent.name) === fold(attachment.name));
}
