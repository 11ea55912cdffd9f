import { Body, Controller, Get, Inject, Put } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { SETTINGS, type Settings } from '../../config/settings.js';
import { Allow, AuditLog, CurrentPrincipal, type Principal } from '../../identity/index.js';
import { Database } from '../../store/database.js';
import { ShownDaysStore } from '../../store/retention/shown-days.store.js';
import { RetentionDto, ShownDaysDto } from './retention.dto.js';

/** How long things are kept, and how far back an organization sees. */
@ApiTags('retention')
@Controller('api/v1/retention')
export class RetentionController {
  constructor(@Inject(SETTINGS) private readonly settings: Settings, private readonly database: Database, private readonly audit: AuditLog) {}

  @Get()
  @Allow('messages:read')
  @ApiOperation({ summary: 'How long things are kept, and shown' })
  @ApiOkResponse({ type: RetentionDto })
  async show(@CurrentPrincipal() { organization }: Principal): Promise<RetentionDto> {
    return this.told(await this.database.inOrganization(organization, (manager) => new ShownDaysStore(organization, manager).read()));
  }

  @Put()
  @Allow('organizations:write')
  @ApiOperation({ summary: 'Say how far back this organization sees', description: 'What is older is not shown any more, and is dropped with its week when the installation\'s time is over. Nothing of it is deleted by this.' })
  @ApiOkResponse({ type: RetentionDto })
  async change(@CurrentPrincipal() by: Principal, @Body() { shownDays }: ShownDaysDto): Promise<RetentionDto> {
    await this.database.inOrganization(by.organization, async (manager) => {
      const store = new ShownDaysStore(by.organization, manager);
      const before = await store.read();
      if (before === shownDays) return;
      await store.write(shownDays);
      await this.audit.record(manager, by.organization, by, 'retention.change', `organization:${by.organization}`, { before, shownDays });
    });
    return this.told(shownDays);
  }

  private told(shownDays: number | null): RetentionDto {
    const { retentionDays, retentionDeadDays, retentionAuditDays } = this.settings;
    return { shownDays, messageDays: retentionDays, deadDays: retentionDeadDays, auditDays: retentionAuditDays };
  }
}
