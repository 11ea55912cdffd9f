import { Inject, Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { SETTINGS, type Settings } from '../config/settings.js';
import { SecretBox } from '../identity/index.js';
import { GuardedHttp, type CallLimits } from '../net/index.js';
import { Database } from '../store/database.js';
import { claimHooks, endHook, sweepSandboxes, type ClaimedHook } from '../store/sandbox/hook.store.js';
import { hookHeaders } from './hook-signature.js';
import { SandboxDirectory } from './sandbox-directory.service.js';
import { openHookSecrets } from './sandbox-secret.js';

const LIMITS: CallLimits = { connectMs: 3_000, headersMs: 10_000, totalMs: 15_000, maxAnswerBytes: 65_536 };
const LEASE_MS = 30_000;
const POLL_MS = 250;
const SWEEP_MS = 3_600_000;
const KEPT_DAYS = 7;
const PARALLEL = 8;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 60_000;
const GIVE_UP_MS = 3 * 86_400_000;

/** Parley's own inbound addresses: a tool tells Parley of its tickets there, as any other system does. */
const INBOUND = /^\/api\/v1\/(?:o\/[^/]+\/)?inbound\//;

/** Sends the tools' webhooks: in order per ticket, again with growing pauses until they are taken. */
@Injectable()
export class HookSender implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Sandbox');
  private readonly stopping = new AbortController();
  private readonly underWay = new Set<Promise<void>>();
  private timer: NodeJS.Timeout | null = null;
  private sweeper: NodeJS.Timeout | null = null;
  private isLooking = false;
  private isWanted = false;

  constructor(
    private readonly database: Database,
    private readonly http: GuardedHttp,
    private readonly box: SecretBox,
    private readonly directory: SandboxDirectory,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  onApplicationBootstrap(): void {
    if (this.settings.role === 'worker') return;
    this.timer = setInterval(() => (this.directory.isEmpty ? undefined : this.wake()), POLL_MS);
    this.sweeper = setInterval(() => void sweepSandboxes(this.database.worker, KEPT_DAYS).catch((error: unknown) => this.logger.warn({ message: 'old webhooks could not be swept', err: error })), SWEEP_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    if (this.timer !== null) clearInterval(this.timer);
    if (this.sweeper !== null) clearInterval(this.sweeper);
    this.timer = null;
    this.stopping.abort();
    await Promise.allSettled(this.underWay);
  }

  /** Looks for webhooks now instead of at the next poll. */
  wake(): void {
    this.isWanted = true;
    if (this.isLooking || this.timer === null) return;
    this.isLooking = true;
    const looking = this.look().catch((error: unknown) => this.logger.warn({ message: 'webhooks could not be read', err: error })).finally(() => {
      this.isLooking = false;
      this.underWay.delete(looking);
    });
    this.underWay.add(looking);
  }

  private async look(): Promise<void> {
    while (this.isWanted && this.underWay.size <= PARALLEL && !this.stopping.signal.aborted) {
      this.isWanted = false;
      const claimed = await claimHooks(this.database.worker, PARALLEL + 1 - this.underWay.size, LEASE_MS);
      for (const hook of claimed) {
        const sending = this.send(hook).catch((error: unknown) => this.logger.warn({ message: 'a webhook could not be noted as sent', err: error })).finally(() => {
          this.underWay.delete(sending);
          this.wake(); // the next one of the same ticket
        });
        this.underWay.add(sending);
      }
    }
  }

  private async send(hook: ClaimedHook): Promise<void> {
    const error = hook.webhookUrl === null ? 'The tool has no webhook address.' : await this.attempt(hook, hook.webhookUrl);
    const { worker } = this.database;
    if (error === null) await endHook(worker, hook, { state: 'sent' }, null);
    else if (Date.now() - hook.createdAt.getTime() > GIVE_UP_MS) await endHook(worker, hook, { state: 'dead' }, error);
    else await endHook(worker, hook, { state: 'waiting', delayMs: this.stopping.signal.aborted ? 0 : pauseMs(hook.attempts) }, error);
  }

  /** Null where it was taken, else why not. */
  private async attempt(hook: ClaimedHook, url: string): Promise<string | null> {
    const { secret, authorization } = hook.webhookSecret === null ? { secret: '', authorization: null } : openHookSecrets(this.box, hook.organization, hook.sandbox, hook.webhookSecret);
    const headers = { ...hookHeaders(hook.id, hook.body, secret, Date.now()), ...(authorization === null ? {} : { authorization }) };
    const client = this.http.client(`sandbox ${hook.sandbox}`, { slots: PARALLEL, ownPaths });
    const outcome = await client.call({ method: 'POST', url, headers, body: hook.body }, LIMITS, this.stopping.signal);
    if (outcome.kind === 'failed') return outcome.message;
    return outcome.status >= 200 && outcome.status < 300 ? null : `The receiver answered ${outcome.status}.`;
  }
}

const ownPaths = (path: string): boolean => INBOUND.test(path);

/** Doubles, with a tenth of chance so that tickets do not come back in step. */
const pauseMs = (attempts: number): number => Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempts - 1)) * (0.9 + Math.random() * 0.2);
