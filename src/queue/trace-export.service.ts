import { Inject, Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { SETTINGS, type Settings } from '../config/settings.js';
import { StepIds, TRACES } from './traces.js';

/** Steps that wait to be told: more than that are dropped, not kept. */
const MOST_WAITING = 20_000;
const FLUSH_MS = 3_000;

/** Sends traces to an OpenTelemetry collector (OTLP over HTTP), where one is set. A collector that is away costs traces, nothing else. */
@Injectable()
export class TraceExport implements OnModuleInit, OnApplicationShutdown {
  private readonly log = new Logger('traces');
  private provider: TracerProvider | null = null;

  constructor(@Inject(SETTINGS) private readonly settings: Settings) {}

  onModuleInit(): void {
    const { otlpUrl, tracePercent } = this.settings;
    if (otlpUrl === undefined) return;
    const ids = new StepIds();
    const exporter = new OTLPTraceExporter({ url: `${otlpUrl.replace(/\/+$/, '')}/v1/traces`, timeoutMillis: 10_000 });
    this.provider = new TracerProvider({
      idGenerator: ids, resource: resourceFromAttributes({ 'service.name': 'parley' }),
      spanProcessors: [new BatchSpanProcessor({ exporter, maxQueueSize: MOST_WAITING, maxExportBatchSize: 512, scheduledDelayMillis: 2_000 })],
    });
    TRACES.tellTo(this.provider.getTracer('parley'), ids, tracePercent / 100);
    this.log.log({ event: 'traces.on', percent: tracePercent, message: 'traces go to the collector' });
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.provider === null) return;
    TRACES.stop();
    await this.provider.forceFlush({ timeoutMillis: FLUSH_MS }).catch(() => undefined); // the collector is away: its loss
    await this.provider.shutdown().catch(() => undefined);
  }
}
