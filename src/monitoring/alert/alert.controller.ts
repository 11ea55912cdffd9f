import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, CurrentPrincipal, type Principal } from '../../identity/index.js';
import { Database } from '../../store/database.js';
import { AlertStore, type AlertRow } from '../../store/monitoring/alert.store.js';
import { pageOf, readCursor } from '../../web/index.js';
import { ALERT_KINDS, alertKind } from './alert-kind.js';
import { AlertKindView, AlertListView, AlertQuery, type AlertView } from './alert.dto.js';

/** What somebody should know, now and before. */
@ApiTags('monitoring')
@Controller('api/v1/alerts')
export class AlertController {
  constructor(private readonly database: Database) {}

  @Get()
  @Allow('monitoring:read')
  @ApiOperation({ summary: 'Alerts, newest first' })
  @ApiOkResponse({ type: AlertListView })
  async list(@CurrentPrincipal() { organization }: Principal, @Query() { cursor, limit, open = false }: AlertQuery): Promise<AlertListView> {
    const before = readCursor(cursor, 'uuid')?.[0] ?? null;
    const found = await this.database.inOrganization(organization, (manager) => new AlertStore(organization, manager).newestFirst(before, open, limit + 1));
    const { items, nextCursor } = pageOf(found, limit, ({ id }) => [id]);
    return { items: items.map(viewOf), nextCursor };
  }

  @Get('kinds')
  @Allow('monitoring:read')
  @ApiOperation({ summary: 'Everything that an alert is raised for' })
  @ApiOkResponse({ type: [AlertKindView] })
  kinds(): AlertKindView[] {
    return ALERT_KINDS.map(({ kind, title, advice, scope }) => ({ kind, title, advice, scope }));
  }
}

const viewOf = ({ id, kind, subject, detail, count, since, raisedAt, resolvedAt }: AlertRow): AlertView => ({
  id, kind, title: alertKind(kind)?.title ?? kind, advice: alertKind(kind)?.advice ?? '', subject, detail, count,
  since: since.toISOString(), raisedAt: raisedAt.toISOString(), resolvedAt: resolvedAt?.toISOString() ?? null,
});
