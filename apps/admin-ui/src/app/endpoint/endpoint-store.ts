import { Injectable, computed, inject, signal } from '@angular/core';
import { endpointCheck, endpointRead, endpointRemove, endpointResume, endpointSuspend, refusalList } from '../api/functions';
import type { CheckDto } from '../api/models';
import { apiResource, injectApi } from '../http/api-resource';
import { latestOf } from '../http/latest';
import { Outcome } from '../http/outcome';
import { problemText } from '../http/problem-text';
import { failureOf, screenStatus } from '../http/screen-status';
import { onLive } from '../live/on-live';
import { Session } from '../session/session';
import { Question } from '../ui/question';
import { Systems } from '../system/systems';
import { endpointHealth } from '../system/endpoint-health';
import { ENDPOINT } from './endpoint.text';

/** One endpoint: how it is set and how it is. */
@Injectable()
export class EndpointStore {
  private readonly api = injectApi();
  private readonly outcome = inject(Outcome);
  private readonly session = inject(Session);
  private readonly question = inject(Question);
  private readonly systems = inject(Systems);
  private readonly wanted = signal<string | undefined>(undefined);
  private readonly checked = signal<CheckDto | string | undefined>(undefined);
  private readonly busy = signal(false);
  private readonly read = apiResource(endpointRead, () => { const id = this.wanted(); return id === undefined ? undefined : { id }; });
  private readonly readRefusals = apiResource(refusalList, () => { const id = this.wanted(); return id === undefined ? undefined : { id }; });
  private readonly refusals = latestOf(this.readRefusals, this.wanted);

  readonly endpoint = latestOf(this.read, this.wanted);
  readonly status = screenStatus(this.read, this.endpoint);
  readonly failure = failureOf(this.read);
  readonly health = computed(() => { const endpoint = this.endpoint(); return endpoint === undefined ? undefined : endpointHealth(endpoint); });
  /** The newest request to it that was refused. */
  readonly lastRefusal = computed(() => this.refusals()?.items[0]);
  readonly mayOperate = computed(() => this.session.may('endpoints:operate'));
  readonly mayWrite = computed(() => this.session.may('endpoints:write'));
  readonly checking = this.busy.asReadonly();
  /** Result of the last test of the connection; a sentence where it could not be made. */
  readonly check = this.checked.asReadonly();

  constructor() {
    onLive(() => { if (this.endpoint() !== undefined) { this.read.reload(); this.readRefusals.reload(); } });
  }

  show(id: string): void {
    if (this.wanted() === id) return;
    this.wanted.set(id);
    this.checked.set(undefined);
  }

  reload(): void {
    this.read.reload();
  }

  async suspend(): Promise<void> {
    const id = this.wanted();
    if (id !== undefined && (await this.outcome.of(this.api(endpointSuspend, { id }), ENDPOINT.suspended))) this.reload();
  }

  async resume(): Promise<void> {
    const id = this.wanted();
    if (id !== undefined && (await this.outcome.of(this.api(endpointResume, { id }), ENDPOINT.resumed))) this.reload();
  }

  /** Removes it for good, once somebody is sure; refused while a rule names it. */
  async remove(name: string): Promise<boolean> {
    const id = this.wanted();
    if (id === undefined || !(await this.question.ask({ title: ENDPOINT.removeTitle(name), text: ENDPOINT.removeText, act: ENDPOINT.remove }))) return false;
    const isDone = await this.outcome.of(this.api(endpointRemove, { id }), ENDPOINT.removed);
    if (isDone) this.systems.reload();
    return isDone;
  }

  testConnection(): void {
    const id = this.wanted();
    if (id === undefined || this.busy()) return;
    this.busy.set(true);
    this.checked.set(undefined);
    this.api(endpointCheck, { id }).subscribe({
      next: (result) => { this.busy.set(false); this.checked.set(result); },
      error: (failure: unknown) => { this.busy.set(false); this.checked.set(problemText(failure)); },
    });
  }
}
