import type { BulkPlanDto } from '../api/models';

const executions = (count: number): string => (count === 1 ? '1 delayed execution' : `${String(count)} delayed executions`);
const deliveries = (count: number): string => (count === 1 ? '1 delivery' : `${String(count)} deliveries`);

export const BULK = {
  titles: {
    'delivery.retry': 'Retry many deliveries', 'delivery.hold': 'Hold many deliveries', 'delivery.skip': 'Skip many deliveries', 'delivery.cancel': 'Cancel many deliveries', 'message.retry': 'Try many messages again',
    'delayed-execution.release': 'Release many delayed executions', 'delayed-execution.cancel': 'Cancel many delayed executions',
  } as Readonly<Record<BulkPlanDto['action'], string>>,
  acts: { 'delivery.retry': 'Retry them', 'delivery.hold': 'Hold them', 'delivery.skip': 'Skip them', 'delivery.cancel': 'Cancel them', 'message.retry': 'Try them again', 'delayed-execution.release': 'Release them now', 'delayed-execution.cancel': 'Cancel them' } as Readonly<Record<BulkPlanDto['action'], string>>,
  onAll: {
    'delivery.retry': 'Retry all…', 'delivery.hold': 'Hold all…', 'delivery.skip': 'Skip all…', 'delivery.cancel': 'Cancel all…', 'message.retry': 'Try all again…',
    'delayed-execution.release': 'Release all…', 'delayed-execution.cancel': 'Cancel all…',
  } as Readonly<Record<BulkPlanDto['action'], string>>,
  /** On all that the filters of the feed find. */
  onFound: {
    'message.retry': 'Try failed messages again…', 'delivery.retry': 'Retry their deliveries that wait…', 'delivery.hold': 'Hold their deliveries that wait…', 'delivery.skip': 'Skip their deliveries that wait…',
  } as Readonly<Partial<Record<BulkPlanDto['action'], string>>>,
  selected: (count: number) => `${String(count)} selected`,
  select: (name: string) => `Select ${name}`,
  selectAll: 'Select all that are shown',
  unselect: 'Select none',
  nothingOfThese: 'None of these waits or failed.',
  tooMany: (most: number) => `At most ${String(most)} at once`,
  onSelected: {
    'delivery.retry': (count) => `Retry ${deliveries(count)}…`, 'delivery.hold': (count) => `Hold ${deliveries(count)}…`, 'delivery.skip': (count) => `Skip ${deliveries(count)}…`, 'delivery.cancel': (count) => `Cancel ${deliveries(count)}…`,
    'message.retry': (count) => (count === 1 ? 'Try 1 message again…' : `Try ${String(count)} messages again…`),
    'delayed-execution.release': (count) => `Release ${executions(count)}…`, 'delayed-execution.cancel': (count) => `Cancel ${executions(count)}…`,
  } as Readonly<Record<BulkPlanDto['action'], (count: number) => string>>,
  planning: 'Counting what this is about…',
  nothing: 'There is nothing that this would do.',
  plan: (count: number) => (count === 1 ? 'This is about one:' : `This is about ${String(count)}:`),
  cut: 'More was found than one plan takes; do it again afterwards.',
  columns: { count: 'How many', endpoint: 'Endpoint', reason: 'Why they wait' },
  noReason: 'no reason given',
  noSystem: 'none',
  confirm: (word: string) => `Confirmation: type ${word}. What this does cannot be taken back.`,
  keep: 'Leave them',
  running: (done: number, total: number) => `${String(done)} of ${String(total)}`,
  cancel: 'Stop here',
  result: (done: number, failed: number, skipped: number) => [`${String(done)} done`, ...(failed > 0 ? [`${String(failed)} failed`] : []), ...(skipped > 0 ? [`${String(skipped)} left alone, since they had changed meanwhile`] : [])].join(', ') + '.',
  cancelled: 'Stopped.',
  close: 'Close',
} as const;
