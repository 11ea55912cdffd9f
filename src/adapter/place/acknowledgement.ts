import type { JsonSchema, NormalizedMessage } from '../contract.js';
import { jmespath, object, place, whole } from '../setting/setting-schema.js';
import type { MessageView } from './message-view.js';
import { asWord, type PlaceReader, type PlaceSetting } from './place.js';
import { holds } from './query.js';

/** How a system tells later, by a request of its own, what became of what it had accepted. */
export interface AcknowledgementSetting {
  readonly when?: string;
  readonly delivery: PlaceSetting;
  readonly failedWhen: string;
  readonly reason?: PlaceSetting;
  readonly tries?: number;
  readonly pauseSeconds?: number;
}

export const ACKNOWLEDGEMENT_SCHEMA: JsonSchema = object('Acknowledgements', {
  when: jmespath('Only when', 'Which messages are acknowledgements, where others come to the same address.'),
  delivery: place('Delivery', 'Where it repeats the key that was sent: {{correlationKey}}, or the header Idempotency-Key.'),
  failedWhen: jmespath('Failed when', 'JMESPath: the system says that it did not do it: status == \'ERROR\'.'),
  reason: place('Reason', 'Where it says why.'),
  tries: whole('Tries', 'Attempts after which an update that failed is not sent again; 0: never again. A create never is.', [0, 100], 3),
  pauseSeconds: whole('Pause', 'Seconds before it is sent again, at its lane\'s end.', [0, 86_400], 60),
}, ['delivery', 'failedWhen'], 'For systems that accept at once and tell later whether they did it: what failed is sent again, then stands in the work list as dead. One that names a ticket is also routed, as any message; others end there.');

const KEY = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i;
const LONGEST_REASON = 500;

/** What an acknowledgement says; null where the message is none. */
export function acknowledgementOf(setting: AcknowledgementSetting | undefined, at: (place: PlaceSetting | undefined) => PlaceReader, { view, document }: { readonly view: MessageView; readonly document: unknown }): Pick<NormalizedMessage, 'undoneDelivery'> & { readonly sentence: string } | null {
  if (setting === undefined || (setting.when !== undefined && !holds(document, setting.when))) return null;
  const key = asWord(at(setting.delivery)(view, document)) ?? '';
  const id = KEY.exec(key)?.[0].toLowerCase();
  if (id === undefined) return { sentence: 'acknowledges nothing that was sent from here' };
  if (!holds(document, setting.failedWhen)) return { sentence: `acknowledges the delivery ${id}` };
  const said = asWord(at(setting.reason)(view, document))?.replaceAll('\0', '').toWellFormed().slice(0, LONGEST_REASON);
  const reason = `The system accepted it and told later that it failed${said === undefined || said === '' ? '.' : `: ${said}`}`;
  return { sentence: `tells that the delivery ${id} failed`, undoneDelivery: { id, reason, again: { tries: setting.tries ?? 3, pauseMs: (setting.pauseSeconds ?? 60) * 1_000 } } };
}
