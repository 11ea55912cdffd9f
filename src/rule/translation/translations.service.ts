import { Injectable, Logger } from '@nestjs/common';
import type { Need } from '../../core/rule/decision.js';
import { translationKey, type Known, type Untranslated } from '../../core/rule/scope.js';
import { SecretBox, type SecretPlace } from '../../identity/index.js';
import { GuardedHttp, type CallLimits } from '../../net/index.js';
import { Database } from '../../store/database.js';
import type { OrganizationId } from '../../store/organization.js';
import { readTranslation, type StoredTranslation } from '../../store/rule/translation.store.js';
import { ConfigurationWatch } from '../configuration-watch.service.js';
import type { ProviderName, ProviderRequest, TranslationSettings } from './provider.js';
import { providerOf } from './providers.js';
import { TranslationCache } from './translation-cache.js';

/** Translations kept in memory, over all organizations. */
const MOST_KEPT = 20_000;
const MOST_CHARACTERS = 20_000_000;
const CONNECT_MS = 5_000;
const MOST_ANSWER_BYTES = 1_048_576;
/** A token is used a little shorter than it is valid. */
const TOKEN_MS = 50 * 60_000;
/** Texts of one organization that are asked for at a time. */
const SLOTS = 4;

interface Service {
  readonly settings: TranslationSettings;
  token: { readonly text: string; readonly untilMs: number } | null;
}

type Translated = { readonly text: string } | Untranslated;

/** Fetches what rules want translated, outside of any transaction, and remembers it. */
@Injectable()
export class Translations {
  private readonly log = new Logger('translation');
  private readonly services = new Map<OrganizationId, Service>();
  private readonly kept = new TranslationCache(MOST_KEPT, MOST_CHARACTERS);

  constructor(private readonly database: Database, private readonly secrets: SecretBox, private readonly http: GuardedHttp, watch: ConfigurationWatch) {
    watch.onChange((organization) => this.load(organization));
  }

  isConfigured(organization: OrganizationId): boolean {
    return this.services.has(organization);
  }

  /** What is known of these needs already; the rest must be fetched. */
  known(organization: OrganizationId, needs: readonly Need[]): Known {
    const known: Record<string, string> = {};
    const service = this.services.get(organization);
    if (service === undefined) return known;
    for (const need of needs) {
      const text = this.kept.get(keptKey(organization, service, need));
      if (text !== undefined) known[translationKey(need)] = text;
    }
    return known;
  }

  /** Fetches translations within the service's time limit for all of them together; says of each that could not be had why. Never throws. */
  async fetch(organization: OrganizationId, needs: readonly Need[], signal: AbortSignal): Promise<Known> {
    const service = this.services.get(organization);
    const outcomes = service === undefined ? needs.map(() => ({ problem: 'no translation service is configured' })) : await this.translateAll(organization, service, needs, signal);
    return Object.fromEntries(needs.map((need, at) => {
      const outcome = outcomes[at]!;
      return [translationKey(need), 'text' in outcome ? outcome.text : outcome];
    }));
  }

  /** Translates one text with settings that need not be saved yet. */
  async tryOut(organization: OrganizationId, settings: TranslationSettings, need: Need): Promise<Translated> {
    const [outcome] = await this.translateAll(organization, { settings, token: null }, [need], new AbortController().signal);
    return outcome!;
  }

  /** The settings in clear, for whoever may change them. */
  open(organization: OrganizationId, stored: StoredTranslation): TranslationSettings {
    const provider = stored.provider as ProviderName;
    return { provider, url: stored.url ?? providerOf(provider).defaultUrl, key: this.secrets.openText(placeOf(organization), stored.key), timeLimitMs: stored.timeLimitMs };
  }

  seal(organization: OrganizationId, key: string): Buffer {
    return this.secrets.seal(placeOf(organization), key);
  }

  private async load(organization: OrganizationId): Promise<() => void> {
    const stored = await readTranslation(organization, this.database.worker);
    if (stored === null) return () => { this.services.delete(organization); };
    const settings = this.open(organization, stored);
    return () => {
      const known = this.services.get(organization)?.settings;
      // A token goes on being used while only other things have changed.
      if (JSON.stringify(known) !== JSON.stringify(settings)) this.services.set(organization, { settings, token: null });
    };
  }

  /** What is kept is not asked for again; the rest is, a few at a time. */
  private async translateAll(organization: OrganizationId, service: Service, needs: readonly Need[], signal: AbortSignal): Promise<Translated[]> {
    const outcomes: Translated[] = [];
    const limit = AbortSignal.timeout(service.settings.timeLimitMs);
    const ending = AbortSignal.any([signal, limit]);
    const left = needs.entries();
    const work = async (): Promise<void> => {
      for (const [at, need] of left) {
        const outcome = await this.translate(organization, service, need, ending);
        outcomes[at] = 'problem' in outcome && limit.aborted ? { problem: `it did not answer within ${service.settings.timeLimitMs / 1_000} s` } : outcome;
      }
    };
    const token = await this.tokenOf(organization, service, ending);
    if (token === null || typeof token === 'string') await Promise.all(Array.from({ length: Math.min(SLOTS, needs.length) }, work));
    else return needs.map(() => token);
    this.tell(organization, service, outcomes);
    return outcomes;
  }

  private tell(organization: OrganizationId, { settings }: Service, outcomes: readonly Translated[]): void {
    const failed = outcomes.find((outcome) => 'problem' in outcome);
    if (failed !== undefined) this.log.warn({ event: 'translation.failed', organization, provider: settings.provider, error: failed.problem, message: 'texts could not be translated' });
  }

  private async translate(organization: OrganizationId, service: Service, need: Need, signal: AbortSignal): Promise<Translated> {
    const key = keptKey(organization, service, need);
    const kept = this.kept.get(key);
    if (kept !== undefined) return { text: kept };
    const { settings, token } = service;
    const provider = providerOf(settings.provider);
    const answer = await this.call(organization, service, () => provider.request(need, settings, token?.text ?? null), signal);
    if ('problem' in answer) {
      // A token that is refused is not used again.
      if (answer.problem === 'it answered 401') service.token = null;
      return answer;
    }
    const text = provider.read(answer.body);
    if (text === null) return { problem: 'its answer holds no translation' };
    this.kept.set(key, text);
    return { text };
  }

  /** The token that the provider asks for; null where its key is enough. */
  private async tokenOf(organization: OrganizationId, service: Service, signal: AbortSignal): Promise<string | null | Untranslated> {
    const { settings } = service;
    const { tokenRequest, readToken } = providerOf(settings.provider);
    if (tokenRequest === undefined) return null;
    if (service.token !== null && service.token.untilMs > performance.now()) return service.token.text;
    const answer = await this.call(organization, service, () => tokenRequest(settings, Date.now()), signal);
    if ('problem' in answer) return { problem: `its key was not taken: ${answer.problem}` };
    const text = readToken?.(answer.body) ?? null;
    if (text === null) return { problem: 'it gave no token for its key' };
    service.token = { text, untilMs: performance.now() + TOKEN_MS };
    return text;
  }

  private async call(organization: OrganizationId, { settings }: Service, make: () => ProviderRequest, signal: AbortSignal): Promise<{ readonly body: unknown } | Untranslated> {
    const limits: CallLimits = { connectMs: CONNECT_MS, headersMs: settings.timeLimitMs, totalMs: settings.timeLimitMs, maxAnswerBytes: MOST_ANSWER_BYTES };
    try {
      const request = make();
      const outcome = await this.http.client(`${organization} translation`, { slots: SLOTS }).call({ ...request, body: Buffer.from(request.body) }, limits, signal);
      if (outcome.kind === 'failed') return { problem: outcome.message };
      if (outcome.status < 200 || outcome.status >= 300) return { problem: `it answered ${outcome.status}` };
      return { body: JSON.parse(Buffer.from(outcome.body).toString()) as unknown };
    } catch (error) {
      return { problem: error instanceof SyntaxError ? 'its answer is not JSON' : 'its key cannot be used' };
    }
  }
}

/** What another service made of a text is no answer of this one. */
const keptKey = (organization: OrganizationId, { settings }: Service, need: Need): string => `${organization} ${settings.provider} ${settings.url ?? ''} ${translationKey(need)}`;

const placeOf = (organization: OrganizationId): SecretPlace => ({ organization, table: 'translation_setting', column: 'key', row: organization });
