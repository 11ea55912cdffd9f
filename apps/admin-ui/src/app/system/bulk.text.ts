import type { BulkPlanDto } from '../api/models';

export const BULK = {
  titles: {
    'delivery.retry': 'Retry many deliveries', 'delivery.hold': 'Hold many deliveries', 'delivery.skip': 'Skip many deliveries', 'delivery.cancel': 'Cancel many deliveries', 'message.retry': 'Try many messages again',
  } as Readonly<Record<BulkPlanDto['action'], string>>,
  acts: { 'delivery.retry': 'Retry them', 'delivery.hold': 'Hold them', 'delivery.skip': 'Skip them', 'delivery.cancel': 'Cancel them', 'message.retry': 'Try them again' } as Readonly<Record<BulkPlanDto['action'], string>>,
  retryAll: 'Retry all…',
  skipAll: 'Skip all…',
  retryAllMessages: 'Try all again…',
  planning: 'Counting what this is about…',
  nothing: 'There is nothing that this would do.',
  plan: (count: number) => (count === 1 ? 'This is about one:' : `This is about ${String(count)}:`),
  cut: 'More was found than one plan takes; do it again afterwards.',
  columns: { count: 'How many', endpoint: 'Endpoint', reason: 'Why they wait' },
  noReason: 'no reason given',
  confirm: (word: string) => `Type ${word} to confirm: what this does cannot be taken back.`,
  confirmation: 'Confirmation',
  keep: 'Leave them',
  running: (done: number, total: number) => `${String(done)} of ${String(total)}`,
  cancel: 'Stop here',
  result: (done: number, failed: number, skipped: number) => [`${String(done)} done`, ...(failed > 0 ? [`${String(failed)} failed`] : []), ...(skipped > 0 ? [`${String(skipped)} left alone, since they had changed meanwhile`] : [])].join(', ') + '.',
  cancelled: 'Stopped.',
  close: 'Close',
} as const;
