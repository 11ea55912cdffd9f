import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** The process's metrics. Labels are bounded: stage, state, outcome; never ids. */
export const REGISTRY = new Registry();

collectDefaultMetrics({ register: REGISTRY, prefix: 'parley_', eventLoopMonitoringPrecision: 10 });

const registers = [REGISTRY];

export const METRICS = {
  accepted: new Counter({ name: 'parley_requests_accepted_total', help: 'Inbound requests that were stored.', registers }),
  repeated: new Counter({ name: 'parley_requests_repeated_total', help: 'Inbound requests that came again and were answered like the first.', registers }),
  rejected: new Counter({ name: 'parley_requests_rejected_total', help: 'Inbound requests that were refused after their sender was known.', labelNames: ['status'], registers }),
  messages: new Counter({ name: 'parley_messages_total', help: 'Messages by the state they came to.', labelNames: ['state'], registers }),
  attempts: new Counter({ name: 'parley_attempts_total', help: 'Calls to targets by outcome.', labelNames: ['adapter', 'outcome'], registers }),
  polls: new Counter({ name: 'parley_polls_total', help: 'Polls of connected systems by outcome.', labelNames: ['adapter', 'outcome'], registers }),
  polledItems: new Counter({ name: 'parley_polled_items_total', help: 'Items that polls brought and that were new.', labelNames: ['adapter'], registers }),
  deliveries: new Counter({ name: 'parley_deliveries_total', help: 'Deliveries by the state an attempt left them in.', labelNames: ['state'], registers }),
  suppressedAddresses: new Counter({ name: 'parley_addresses_suppressed_total', help: 'Addresses that nothing is sent to any more, since what was sent there came back.', registers }),
  callSeconds: new Histogram({ name: 'parley_call_seconds', help: 'Duration of calls to targets.', labelNames: ['adapter'], buckets: [0.005, 0.02, 0.1, 0.5, 2, 10, 60], registers }),
  batchLanes: new Histogram({ name: 'parley_batch_lanes', help: 'Lanes per batch of a stage.', labelNames: ['stage'], buckets: [1, 4, 16, 64, 128], registers }),
  batchSeconds: new Histogram({ name: 'parley_batch_seconds', help: 'Duration of a batch of a stage, from taking it to its commit.', labelNames: ['stage'], buckets: [0.002, 0.005, 0.02, 0.1, 0.5, 2], registers }),
  stageDepth: new Gauge({ name: 'parley_stage_lanes_in_hand', help: 'Lanes that this process has in hand.', labelNames: ['stage'], registers }),
  readyLanes: new Gauge({ name: 'parley_lanes_ready', help: 'Lanes that wait in the store for somebody to take them.', labelNames: ['stage'], registers }),
  oldestSeconds: new Gauge({ name: 'parley_lanes_oldest_ready_seconds', help: 'How long the oldest of them has waited.', labelNames: ['stage'], registers }),
  troubled: new Gauge({ name: 'parley_deliveries_troubled', help: 'Deliveries that did not simply go.', labelNames: ['state'], registers }),
  delayed: new Gauge({ name: 'parley_executions_delayed', help: 'Rule executions that wait.', registers }),
  arranged: new Counter({ name: 'parley_conversations_arranged_total', help: 'Conversations that operators merged or split.', labelNames: ['act'], registers }),
  conflicts: new Counter({ name: 'parley_reference_conflicts_total', help: 'Messages whose references name another conversation than their ticket has.', registers }),
  wakeUpFailures: new Gauge({ name: 'parley_wake_up_failures', help: 'Wake-ups that the queue did not take, since the start.', registers }),
  connections: new Gauge({ name: 'parley_postgres_connections', help: 'Connections of the pipeline to PostgreSQL: open, idle, and requests that wait for one.', labelNames: ['state'], registers }),
  clockOffset: new Gauge({ name: 'parley_clock_offset_seconds', help: 'How far the clock of this process\'s machine is ahead of the database\'s; negative: behind.', registers }),
  alertsOpen: new Gauge({ name: 'parley_alerts_open', help: 'Alerts that are raised and not over, over all organizations; of the instance that looks.', labelNames: ['kind'], registers }),
  alertsRaised: new Counter({ name: 'parley_alerts_raised_total', help: 'Alerts by kind.', labelNames: ['kind'], registers }),
  alertNotices: new Counter({ name: 'parley_alert_notices_total', help: 'Attempts to tell somebody of an alert.', labelNames: ['transport', 'outcome'], registers }),
  partitionWeeksAhead: new Gauge({ name: 'parley_partition_weeks_ahead', help: 'Whole weeks that there are partitions for beyond this one, as the last upkeep found.', registers }),
  partitionStrayRows: new Gauge({ name: 'parley_partition_stray_rows', help: 'Rows that belong into no partition; should be 0. Counted up to 1,000 per table.', registers }),
  retentionWeeks: new Gauge({ name: 'parley_retention_old_weeks', help: 'Weeks that are older than messages are kept and still there, by why.', labelNames: ['action'], registers }),
  retentionBytes: new Counter({ name: 'parley_retention_dropped_bytes_total', help: 'Bytes of partitions that were dropped or made small.', registers }),
  upkeepAt: new Gauge({ name: 'parley_upkeep_success_seconds', help: 'When the last upkeep of this process succeeded, in seconds since 1970.', registers }),
  circuits: new Gauge({ name: 'parley_circuits_open', help: 'Endpoints whose circuit is not closed, in this process.', registers }),
} as const;
