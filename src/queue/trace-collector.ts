import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider, type IdGenerator } from '@opentelemetry/sdk-trace';

/** Steps that wait to be told: more than that are dropped, not kept. */
const MOST_WAITING = 20_000;

/** Tells the collector at `url` (OTLP over HTTP) of spans with the ids that `ids` gives, in batches. */
export function openCollector(url: string, ids: IdGenerator): TracerProvider {
  const exporter = new OTLPTraceExporter({ url: `${url.replace(/\/+$/, '')}/v1/traces`, timeoutMillis: 10_000 });
  return new TracerProvider({
    idGenerator: ids, resource: resourceFromAttributes({ 'service.name': 'parley' }),
    spanProcessors: [new BatchSpanProcessor({ exporter, maxQueueSize: MOST_WAITING, maxExportBatchSize: 512, scheduledDelayMillis: 2_000 })],
  });
}
