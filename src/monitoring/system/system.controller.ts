import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { SETTINGS, type Settings } from '../../config/settings.js';
import { VERSION } from '../../config/version.js';
import { Allow } from '../../identity/index.js';
import { StageHub } from '../../queue/index.js';
import { Database } from '../../store/database.js';
import { readGauges } from '../../store/monitoring/gauges.js';
import { readServer } from '../../store/monitoring/server.js';
import { Readiness } from '../readiness.service.js';
import { SystemView } from './system.dto.js';

/** How this installation is, for those who run it. */
@ApiTags('monitoring')
@Controller('api/v1/system')
export class SystemController {
  constructor(private readonly readiness: Readiness, private readonly hub: StageHub, private readonly database: Database, @Inject(SETTINGS) private readonly settings: Settings) {}

  @Get()
  @Allow('organizations:write')
  @ApiOperation({ summary: 'Stages and what waits before them, stores and version; over all organizations' })
  @ApiOkResponse({ type: SystemView })
  async show(): Promise<SystemView> {
    const [{ postgres, redis }, gauges, server] = await Promise.all([this.readiness.report(), readGauges(this.database.worker), readServer(this.database.worker)]);
    return {
      version: VERSION, nodeVersion: process.versions.node, role: this.settings.role, startedAt: new Date(performance.timeOrigin).toISOString(),
      postgres, postgresVersion: server.version, databaseBytes: server.bytes, redis, delayed: gauges.delayed,
      stages: gauges.lanes.map(({ stage, ready, oldestSeconds }) => ({ stage, ready, oldestSeconds, inHand: this.hub.depth(stage) })),
    };
  }
}
