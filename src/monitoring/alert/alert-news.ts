import type { DueNotice } from '../../store/monitoring/alert.store.js';
import { alertKind } from './alert-kind.js';
import type { AlertNews } from './transport/transport.js';

/** The screen that shows what an alert is about. */
const SCREENS: Readonly<Record<string, string>> = {
  'dead-deliveries': '/deliveries?state=DEAD', 'held-deliveries': '/deliveries?state=HELD', 'failed-messages': '/messages?state=FAILED', credentials: '/endpoints', 'target-down': '/endpoints',
};

/** What a route is told of a change. `publicUrl`: how people reach this instance. */
export function newsOf({ id, change, alert }: Pick<DueNotice, 'id' | 'alert'> & { readonly change: AlertNews['change'] }, publicUrl: string | undefined): AlertNews {
  const kind = alertKind(alert.kind);
  const link = publicUrl === undefined ? null : publicUrl.replace(/\/+$/, '') + (SCREENS[alert.kind] ?? '/');
  return { id, change, alert, title: kind?.title ?? alert.kind, advice: kind?.advice ?? '', link };
}
