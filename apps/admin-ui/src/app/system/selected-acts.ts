import type { BulkPlanDto, DeliverySummary, MessageSummary } from '../api/models';

/** What may be done at once to some of what is selected. */
export interface SelectedAct {
  readonly action: BulkPlanDto['action'];
  readonly ids: readonly string[];
}

/** As many as one plan takes by their ids. */
export const MOST_SELECTED = 1_000;

type Selected = Pick<DeliverySummary, 'id' | 'state'>;

const STATES: readonly (readonly [SelectedAct['action'], readonly DeliverySummary['state'][]])[] = [
  ['delivery.retry', ['DEAD', 'HELD', 'RETRYING']], ['delivery.hold', ['QUEUED', 'RETRYING']], ['delivery.skip', ['DEAD', 'HELD', 'RETRYING', 'QUEUED']],
];

/** The acts that at least one of the deliveries allows, each with those that do. */
export const actsOnDeliveries = (deliveries: readonly Selected[]): readonly SelectedAct[] =>
  STATES.map(([action, states]) => ({ action, ids: deliveries.filter(({ state }) => states.includes(state)).map(({ id }) => id) })).filter(({ ids }) => ids.length > 0);

/** Failed messages can be tried again; of the others it is their deliveries that wait. */
export function actsOnMessages(messages: readonly (Pick<MessageSummary, 'id' | 'state'> & { readonly deliveries: readonly Selected[] })[]): readonly SelectedAct[] {
  const failed = messages.filter(({ state }) => state === 'FAILED').map(({ id }) => id);
  return [...(failed.length > 0 ? [{ action: 'message.retry', ids: failed } as const] : []), ...actsOnDeliveries(messages.flatMap(({ deliveries }) => deliveries))];
}
