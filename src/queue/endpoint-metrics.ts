import { Counter, Gauge, Registry } from 'prom-client';

/** What this process is doing with one endpoint. */
export interface EndpointNow {
  readonly endpoint: string;
  readonly circuit: 'closed' | 'probing' | 'open';
  /** Calls that may be under way at once, over all instances. */
  readonly slots: number;
  readonly callsUnderWay: number;
  readonly lanesInHand: number;
}

const CIRCUITS = { closed: 0, probing: 1, open: 2 } as const;

/** Metrics of one organization's endpoints. They name endpoints, so that nobody else may read them. */
class OrganizationMetrics {
  private readonly registry = new Registry();
  private readonly registers = [this.registry];
  readonly attempts = new Counter({ name: 'parley_endpoint_attempts_total', help: 'Calls to the endpoint by outcome.', labelNames: ['endpoint', 'outcome'], registers: this.registers });
  private readonly circuit = this.gauge('parley_endpoint_circuit', 'Whether the endpoint takes calls: 0 closed, all go; 1 one call finds out whether it is back; 2 open, none goes.');
  private readonly slots = this.gauge('parley_endpoint_slots', 'Calls that may be under way at once, over all instances.');
  private readonly underWay = this.gauge('parley_endpoint_calls_under_way', 'Calls of this process that are under way.');
  private readonly inHand = this.gauge('parley_endpoint_lanes_in_hand', 'Lanes that this process has in hand, those under way among them.');

  text(now: Iterable<EndpointNow>): Promise<string> {
    for (const gauge of [this.circuit, this.slots, this.underWay, this.inHand]) gauge.reset();
    for (const { endpoint, circuit, slots, callsUnderWay, lanesInHand } of now) {
      this.circuit.set({ endpoint }, CIRCUITS[circuit]);
      this.slots.set({ endpoint }, slots);
      this.underWay.set({ endpoint }, callsUnderWay);
      this.inHand.set({ endpoint }, lanesInHand);
    }
    return this.registry.metrics();
  }

  private gauge(name: string, help: string): Gauge<'endpoint'> {
    return new Gauge({ name, help, labelNames: ['endpoint'], registers: this.registers });
  }
}

/** What this process does with endpoints, organization by organization. */
export class EndpointMetrics {
  readonly contentType = Registry.PROMETHEUS_CONTENT_TYPE;
  private readonly organizations = new Map<string, OrganizationMetrics>();
  private now: (organization: string) => Iterable<EndpointNow> = () => [];

  /** Who knows what is under way. */
  readFrom(now: (organization: string) => Iterable<EndpointNow>): void {
    this.now = now;
  }

  attempted(organization: string, endpoint: string, outcome: string): void {
    this.of(organization).attempts.inc({ endpoint, outcome });
  }

  /** One organization's, in Prometheus' text form. */
  text(organization: string): Promise<string> {
    return this.of(organization).text(this.now(organization));
  }

  private of(organization: string): OrganizationMetrics {
    let metrics = this.organizations.get(organization);
    if (metrics === undefined) this.organizations.set(organization, (metrics = new OrganizationMetrics()));
    return metrics;
  }
}

export const ENDPOINT_METRICS = new EndpointMetrics();
