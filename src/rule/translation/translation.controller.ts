import { Body, Controller, Delete, Get, HttpCode, Post, Put } from '@nestjs/common';
import { ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, AuditLog, CurrentPrincipal, type Principal } from '../../identity/index.js';
import { Database } from '../../store/database.js';
import type { OrganizationId } from '../../store/organization.js';
import { raiseRevision } from '../../store/rule/revision.js';
import { TranslationStore, type StoredTranslation } from '../../store/rule/translation.store.js';
import { Problem, type ProblemError } from '../../web/index.js';
import { ConfigurationWatch } from '../configuration-watch.service.js';
import { accountOf } from './google-v3.js';
import { providerOf } from './providers.js';
import { TranslatedDto, TranslationDto, TranslationInputDto, TranslationTestDto } from './translation.dto.js';
import { Translations } from './translations.service.js';

/** The service that the formatter `Translate` asks. */
@ApiTags('rules')
@Controller('api/v1/translation')
export class TranslationController {
  constructor(private readonly database: Database, private readonly translations: Translations, private readonly audit: AuditLog, private readonly watch: ConfigurationWatch) {}

  @Get()
  @Allow('configuration:read')
  @ApiOperation({ summary: 'The translation service; its key is never shown' })
  async read(@CurrentPrincipal() { organization }: Principal): Promise<TranslationDto> {
    return this.pageOf(organization, await this.database.inOrganization(organization, (manager) => new TranslationStore(organization, manager).find()));
  }

  @Put()
  @Allow('configuration:write')
  @ApiOperation({ summary: 'Set the translation service' })
  async save(@CurrentPrincipal() by: Principal, @Body() given: TranslationInputDto): Promise<TranslationDto> {
    const { organization } = by;
    const saved = await this.database.inOrganization(organization, async (manager) => {
      await raiseRevision(manager, organization);
      const store = new TranslationStore(organization, manager);
      const { provider } = given;
      const url = given.url ?? null;
      const kept = keptKey(given, await store.find());
      checkInput(given, kept !== null);
      const timeLimitMs = (given.timeLimitSeconds ?? DEFAULT_SECONDS) * 1_000;
      await store.save({ provider, url, key: kept ?? this.translations.seal(organization, given.key ?? ''), timeLimitMs, updatedBy: by.name });
      await this.audit.record(manager, organization, by, 'translation.save', organization, { provider, url, timeLimitMs, keyChanged: given.key !== undefined });
      return store.find();
    });
    await this.watch.changed(organization);
    return this.pageOf(organization, saved);
  }

  @Delete()
  @HttpCode(204)
  @Allow('configuration:write')
  @ApiOperation({ summary: 'Use no translation service any more', description: 'Messages whose rules translate fail from then on, visibly.' })
  @ApiNoContentResponse({ description: 'Done.' })
  async remove(@CurrentPrincipal() by: Principal): Promise<void> {
    const { organization } = by;
    await this.database.inOrganization(organization, async (manager) => {
      await raiseRevision(manager, organization);
      if (!(await new TranslationStore(organization, manager).remove())) throw Problem.missing('translation service');
      await this.audit.record(manager, organization, by, 'translation.remove', organization);
    });
    await this.watch.changed(organization);
  }

  @Post('test')
  @HttpCode(200)
  @Allow('configuration:write')
  @ApiOperation({ summary: 'Translate a text with the stored settings' })
  async test(@CurrentPrincipal() { organization }: Principal, @Body() { text, target }: TranslationTestDto): Promise<TranslatedDto> {
    const stored = await this.database.inOrganization(organization, (manager) => new TranslationStore(organization, manager).find());
    if (stored === null) throw Problem.missing('translation service');
    const outcome = await this.translations.tryOut(organization, this.translations.open(organization, stored), { source: '', target, text });
    if ('problem' in outcome) throw new Problem(502, 'translation-failed', `The translation service: ${outcome.problem}.`);
    return outcome;
  }

  private pageOf(organization: OrganizationId, stored: StoredTranslation | null): TranslationDto {
    if (stored === null) return { provider: null, url: null, hasKey: false, timeLimitSeconds: null, updatedAt: null, updatedBy: null };
    const { provider, key, timeLimitMs } = this.translations.open(organization, stored);
    return { provider, url: stored.url, hasKey: key !== '', timeLimitSeconds: timeLimitMs / 1_000, updatedAt: stored.updatedAt.toISOString(), updatedBy: stored.updatedBy };
  }
}

const DEFAULT_SECONDS = 10;

/** The stored key goes to the address that it was given for, and to no other. */
function keptKey({ provider, url, key }: TranslationInputDto, stored: StoredTranslation | null): Buffer | null {
  return key === undefined && stored !== null && stored.provider === provider && stored.url === (url ?? null) ? stored.key : null;
}

function checkInput({ provider, url, key = '' }: TranslationInputDto, isKeyKept: boolean): void {
  const errors: ProblemError[] = [];
  if (url === undefined && providerOf(provider).defaultUrl === null) errors.push({ pointer: '/url', detail: 'is missing: this service has no address of its own' });
  if (!isKeyKept && key === '' && provider !== 'libretranslate') errors.push({ pointer: '/key', detail: 'is missing' });
  else if (!isKeyKept && provider === 'google-v3' && !isAccount(key)) errors.push({ pointer: '/key', detail: 'must be the JSON key of a service account' });
  if (errors.length > 0) throw Problem.invalid(errors);
}

function isAccount(key: string): boolean {
  try {
    accountOf({ key });
    return true;
  } catch {
    return false;
  }
}
