import { Inject, Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { TracerProvider } from '@opentelemetry/sdk-trace';
import { SETTINGS, type Settings } from '../config/settings.js';
import { StepIds, TRACES } from './traces.js';

const FLUSH_MS = 3_000;

/** Sends traces to an OpenTelemetry collector (OTLP over HTTP), where one is set. A collector that is away costs traces, nothing else. */
@Injectable()
export class TraceExport implements OnModuleInit, OnApplicationShutdown {
  private readonly log = new Logger('traces');
  private provider: TracerProvider | null = null;

  constructor(@Inject(SETTINGS) private readonly settings: Settings) {}

  async onModuleInit(): Promise<void> {
    const { otlpUrl, tracePercent } = this.settings;
    if (otlpUrl === undefined) return;
    const ids = new StepIds();
    const { openCollector } = await import('./trace-collector.js'); // large, and most processes tell nobody
    this.provider = openCollector(otlpUrl, ids);
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
