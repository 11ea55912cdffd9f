import { Readable } from 'node:stream';
import { Controller, Get, Query, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Zone } from 'luxon';
import { findTimeZone } from '../../core/rule/formatter/time-zone.js';
import { Allow, CurrentPrincipal, type Principal } from '../../identity/index.js';
import { Database } from '../../store/database.js';
import type { OrganizationId } from '../../store/organization.js';
import { readCountedUntil, readLevels, type LevelFilter } from '../../store/report/service-levels.js';
import { Problem } from '../../web/index.js';
import { levelCsv } from './level-csv.js';
import { monthOf } from './level-of.js';
import { monthAfter, monthAt, monthsBetween, type Month } from './months.js';
import { ServiceLevelQuery, ServiceLevelView, type MonthView } from './report.dto.js';

const MOST_MONTHS = 36;
const MONTHS_SHOWN = 3;
const AGREED = 60;

/** What is asked for, put in order. */
interface Asked {
  readonly zone: Zone;
  readonly months: readonly Month[];
  readonly withinSeconds: number;
  readonly filter: LevelFilter;
}

/** How well deliveries fare, from counts that outlive them. */
@ApiTags('reports')
@Controller('api/v1/reports/service-levels')
export class ReportController {
  constructor(private readonly database: Database) {}

  @Get()
  @Allow('monitoring:read')
  @ApiOperation({ summary: 'Service level per pair of endpoints and month', description: 'Counted from the deliveries themselves about once a minute, and again while something in them is open; kept for three years, whatever becomes of the messages.' })
  @ApiOkResponse({ type: ServiceLevelView })
  async show(@CurrentPrincipal() { organization }: Principal, @Query() query: ServiceLevelQuery): Promise<ServiceLevelView> {
    const asked = askedOf(query);
    const [months, countedUntil] = await Promise.all([this.read(organization, asked.months, asked), this.countedUntil(organization)]);
    return { zone: asked.zone.name, withinSeconds: asked.withinSeconds, countedUntil, months };
  }

  @Get('export')
  @Allow('monitoring:read')
  @ApiOperation({ summary: 'The same as a file for spreadsheets', description: 'One line per month and pair, instants in ISO 8601, shares from 0 to 1. `complete` says whether the month is over and counted to its end.' })
  @ApiProduces('text/csv')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  async export(@CurrentPrincipal() { organization }: Principal, @Query() query: ServiceLevelQuery): Promise<StreamableFile> {
    const asked = askedOf(query);
    const file = { zone: asked.zone.name, withinSeconds: asked.withinSeconds, countedUntil: await this.countedUntil(organization) };
    const lines = levelCsv(this.eachMonth(organization, asked), file);
    return new StreamableFile(Readable.from(lines, { objectMode: false }), { type: 'text/csv; charset=utf-8', disposition: `attachment; filename="service-levels-${asked.months.at(-1)!.name}-${asked.months[0]!.name}.csv"` });
  }

  /** Each month in a transaction of its own: a slow reader holds nothing. */
  private async *eachMonth(organization: OrganizationId, asked: Asked): AsyncGenerator<MonthView> {
    for (const month of asked.months) yield* await this.read(organization, [month], asked);
  }

  private async read(organization: OrganizationId, months: readonly Month[], { withinSeconds, filter }: Asked): Promise<MonthView[]> {
    const spans = months.map(({ fromMs, untilMs }) => [new Date(fromMs), new Date(untilMs)] as const);
    const rows = await this.database.inOrganization(organization, (manager) => readLevels(manager, organization, spans, filter));
    const nowMs = Date.now();
    return months.map((month, place) => monthOf(month, rows.filter((row) => row.month === place), { withinSeconds, nowMs }));
  }

  private async countedUntil(organization: OrganizationId): Promise<string | null> {
    return (await this.database.inOrganization(organization, (manager) => readCountedUntil(manager, organization)))?.toISOString() ?? null;
  }
}

function askedOf({ from, to, zone: zoneName = 'UTC', within: withinSeconds = AGREED, source, target }: ServiceLevelQuery): Asked {
  const zone = findTimeZone(zoneName);
  if (zone === null) throw Problem.invalid([{ parameter: 'zone', detail: 'is no time zone; expected an IANA name such as Europe/Berlin' }]);
  const last = to ?? monthAt(Date.now(), zone);
  const first = from ?? monthAfter(last, 1 - MONTHS_SHOWN);
  if (first > last) throw Problem.invalid([{ parameter: 'from', detail: `is after the last month, ${last}` }]);
  if (first < monthAfter(last, 1 - MOST_MONTHS)) throw Problem.invalid([{ parameter: 'from', detail: `is more than ${MOST_MONTHS} months before the end of the last month, ${last}` }]);
  return { zone, months: monthsBetween(first, last, zone), withinSeconds, filter: { ...(source === undefined ? {} : { source }), ...(target === undefined ? {} : { target }) } };
}
