import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, CurrentPrincipal, type Principal } from '../../identity/index.js';
import { Database } from '../../store/database.js';
import { readEndpointIds, readChanges, readWaiting, type Change } from '../../store/monitoring/standing.js';
import { readTraffic } from '../../store/monitoring/traffic.js';
import { OverviewQuery, OverviewView, type ChangeView } from './overview.dto.js';
import { edgesOf, seriesOf, standingsOf } from './traffic-sums.js';

const HOUR_MS = 3_600_000;
/** Minutes per step, by hours: enough points for a line, few enough to read. */
const STEP_MINUTES = { 1: 1, 24: 15, 168: 120 } as const;
const LATEST_CHANGES = 8;

/** How the whole is doing, from counts that are kept beside the traffic. */
@ApiTags('monitoring')
@Controller('api/v1/overview')
export class OverviewController {
  constructor(private readonly database: Database) {}

  @Get()
  @Allow('monitoring:read')
  @ApiOperation({ summary: 'Traffic between endpoints, what waits, and the latest changes', description: 'Cheap whatever was received: read from counts per minute, never from the messages themselves.' })
  @ApiOkResponse({ type: OverviewView })
  async show(@CurrentPrincipal() { organization }: Principal, @Query() { hours = 1 }: OverviewQuery): Promise<OverviewView> {
    const stepMs = STEP_MINUTES[hours] * 60_000;
    const toMs = Math.floor(Date.now() / stepMs) * stepMs;
    const fromMs = toMs - hours * HOUR_MS + stepMs;
    return this.database.inOrganization(organization, async (manager) => {
      const endpoints = await readEndpointIds(manager, organization);
      const rows = await readTraffic(manager, organization, new Date(fromMs), stepMs);
      const waiting = await readWaiting(manager, organization, endpoints);
      const changes = await readChanges(manager, organization, LATEST_CHANGES);
      return {
        from: new Date(fromMs).toISOString(), stepMinutes: STEP_MINUTES[hours],
        series: seriesOf(rows, { fromMs, toMs, stepMs }), edges: edgesOf(rows), endpoints: standingsOf(rows, waiting), changes: changes.map(changeOf),
      };
    });
  }
}

function changeOf({ seq, at, actorName, action, subject, details }: Change): ChangeView {
  return { seq, at: at.toISOString(), by: actorName, action, subject, name: textOf(details['name']), description: textOf(details['changeDescription'] ?? details['reason']) };
}

const textOf = (detail: unknown): string | null => (typeof detail === 'string' && detail !== '' ? detail : null);
