import { Controller, Get, Header, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../identity/index.js';
import { REGISTRY } from '../queue/index.js';
import { GaugeReader } from './gauge-reader.service.js';
import { Readiness, type ReadinessReport } from './readiness.service.js';

/** For orchestrators and Prometheus; at the root, open. */
@ApiExcludeController()
@Controller()
export class HealthController {
  constructor(private readonly readiness: Readiness, private readonly gauges: GaugeReader) {}

  /** The process lives and its event loop turns. */
  @Get('healthz')
  @Public()
  healthz(): { status: string } {
    return { status: 'ok' };
  }

  @Get('readyz')
  @Public()
  async readyz(@Res({ passthrough: true }) reply: FastifyReply): Promise<ReadinessReport> {
    const report = await this.readiness.report();
    void reply.code(report.status === 'unavailable' || report.status === 'stopping' ? 503 : 200);
    return report;
  }

  @Get('metrics')
  @Public()
  @Header('content-type', REGISTRY.contentType)
  async metrics(): Promise<string> {
    await this.gauges.read();
    return REGISTRY.metrics();
  }
}
