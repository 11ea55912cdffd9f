import { Injectable, computed, inject, signal } from '@angular/core';
import { type Observable, firstValueFrom } from 'rxjs';
import { endpointList, guidedConnect, guidedOpenTicket, messageList, ruleList, templateApply, templateList } from '../api/functions';
import type { TemplateSummaryDto } from '../api/models';
import { apiResource, injectApi } from '../http/api-resource';
import { latestOf } from '../http/latest';
import { problemText } from '../http/problem-text';
import { failureOf, screenStatus } from '../http/screen-status';
import { onLive } from '../live/on-live';
import { Systems } from '../system/systems';
import { toolPage } from '../system/tool-page';
import { stepsOf } from './first-run-steps';

/** How far one is on the way to the first ticket, and the acts that lead on. */
@Injectable()
export class FirstRunStore {
  private readonly api = injectApi();
  private readonly systems = inject(Systems);
  private readonly readEndpoints = apiResource(endpointList, () => ({}));
  private readonly readRules = apiResource(ruleList, () => ({ limit: 100 }));
  private readonly readMessages = apiResource(messageList, () => ({ limit: 20 }));
  private readonly readTemplates = apiResource(templateList, () => ({}));
  private readonly endpointPage = latestOf(this.readEndpoints);
  private readonly rulePage = latestOf(this.readRules);
  private readonly messagePage = latestOf(this.readMessages);
  private readonly templatePage = latestOf(this.readTemplates);
  private readonly acting = signal(false);
  private readonly refused = signal<string | undefined>(undefined);

  readonly endpoints = computed(() => (this.endpointPage()?.items ?? []).toSorted((one, other) => one.createdAt.localeCompare(other.createdAt)));
  readonly rules = computed(() => this.rulePage()?.items ?? []);
  readonly messages = computed(() => this.messagePage()?.items ?? []);
  readonly templates = computed<readonly TemplateSummaryDto[]>(() => this.templatePage()?.items ?? []);
  readonly known = computed(() => this.endpointPage() !== undefined && this.rulePage() !== undefined && this.messagePage() !== undefined && this.templatePage() !== undefined);
  readonly steps = computed(() => stepsOf({ endpoints: this.endpoints(), rules: this.rules(), messages: this.messages() }));
  readonly status = computed(() => (this.known() ? 'ready' : screenStatus(this.readEndpoints, this.endpointPage)() === 'failed' ? 'failed' : 'loading'));
  readonly failure = failureOf(this.readEndpoints);
  readonly busy = this.acting.asReadonly();
  readonly refusal = this.refused.asReadonly();

  constructor() {
    onLive(() => { this.readMessages.reload(); });
  }

  /** The page of a sandbox desk; undefined for a system that is elsewhere. */
  pageOf(endpoint: string): string | undefined {
    const found = this.endpoints().find((one) => one.id === endpoint);
    return found === undefined ? undefined : toolPage(found);
  }

  connect(title: string): Promise<unknown> {
    return this.act(this.api(guidedConnect, { body: { title } }), () => { this.readEndpoints.reload(); this.systems.reload(); });
  }

  useTemplate(id: string, parameters: Readonly<Record<string, unknown>>): Promise<unknown> {
    return this.act(this.api(templateApply, { id, body: { parameters } }), () => { this.readRules.reload(); });
  }

  async openTicket(sandbox: string, title: string, description: string): Promise<string | undefined> {
    const made = await this.act(this.api(guidedOpenTicket, { name: sandbox, body: { title, description } }), () => { this.readMessages.reload(); });
    return made?.ticketId;
  }

  reload(): void {
    for (const resource of [this.readEndpoints, this.readRules, this.readMessages, this.readTemplates]) resource.reload();
  }

  private async act<T>(call: Observable<T>, after: () => void): Promise<T | undefined> {
    if (this.acting()) return undefined;
    this.acting.set(true);
    this.refused.set(undefined);
    try {
      const answer = await firstValueFrom(call);
      after();
      return answer;
    } catch (failure) {
      this.refused.set(problemText(failure));
      return undefined;
    } finally {
      this.acting.set(false);
    }
  }
}
