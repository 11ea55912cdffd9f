import { createHash } from 'node:crypto';

type Texts = Readonly<Record<string, string>>;
interface Alert { readonly status: 'firing' | 'resolved'; readonly labels: Texts; readonly annotations: Texts; readonly startsAt: string; readonly endsAt: string; readonly generatorURL: string; readonly fingerprint: string }

/** Where an alert ends that has not ended. */
const OPEN = '0001-01-01T00:00:00Z';
/** Times there have nanoseconds. */
const instant = (minute: number): string => `2026-01-31T10:${String(minute).padStart(2, '0')}:41.708348103Z`;

/**
 * Notifications as Alertmanager makes them: whole groups, again and again while something in them fires; the same labels have the same
 * fingerprint; what resolves an alert replaces its annotations.
 */
export class FakeAlertmanager {
  private readonly alerts = new Map<string, Alert>();

  constructor(private readonly groupBy = 'alertname') {}

  /** What was posted at a minute: fires, or goes on where it fires already. */
  fire(labels: Texts, minute: number, annotations: Texts = {}): this {
    const fingerprint = createHash('sha256').update(JSON.stringify(Object.entries(labels).sort())).digest('hex').slice(0, 16);
    const before = this.alerts.get(fingerprint);
    const startsAt = before?.status === 'firing' ? before.startsAt : instant(minute);
    this.alerts.set(fingerprint, { status: 'firing', labels, annotations, startsAt, endsAt: OPEN, generatorURL: 'http://prometheus.example.com:9090/graph?g0.expr=up', fingerprint });
    return this;
  }

  resolve(labels: Texts, minute: number, annotations: Texts = {}): this {
    const found = [...this.alerts.values()].find((one) => JSON.stringify(one.labels) === JSON.stringify(labels));
    if (found === undefined) throw new Error('no such alert');
    this.alerts.set(found.fingerprint, { ...found, status: 'resolved', annotations, endsAt: instant(minute) });
    return this;
  }

  /** The body that the webhook gets for a group. What was resolved is told once and leaves the group. */
  notification(group: string): Record<string, unknown> {
    const alerts = [...this.alerts.values()].filter(({ labels }) => labels[this.groupBy] === group);
    for (const { status, fingerprint } of alerts) if (status === 'resolved') this.alerts.delete(fingerprint);
    return {
      receiver: 'parley', status: alerts.some(({ status }) => status === 'firing') ? 'firing' : 'resolved', alerts, groupLabels: { [this.groupBy]: group }, commonLabels: { [this.groupBy]: group }, commonAnnotations: {},
      externalURL: 'http://alertmanager.example.com:9093', version: '4', groupKey: `{}:{${this.groupBy}="${group}"}`, truncatedAlerts: 0,
    };
  }
}
