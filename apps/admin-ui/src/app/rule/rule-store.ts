import { HttpErrorResponse } from '@angular/common/http';
import { Injectable, computed, inject, signal } from '@angular/core';
import { MatSnackBar } from '@angular/material/snack-bar';
import { type Observable, firstValueFrom } from 'rxjs';
import { ruleClone, ruleDisable, ruleEnable, ruleHistory, ruleRead, ruleRemove, ruleSetCurrent, ruleVersion, ruleVersions } from '../api/functions';
import type { RuleHistoryEntryDto } from '../api/models';
import { apiResource, injectApi } from '../http/api-resource';
import { fieldProblems } from '../http/field-problems';
import { latestOf } from '../http/latest';
import { Outcome } from '../http/outcome';
import { pagedList } from '../http/paged-list';
import { problemText } from '../http/problem-text';
import { failureOf, screenStatus } from '../http/screen-status';
import { Session } from '../session/session';
import { Systems } from '../system/systems';
import { fileNameOf, saveFile } from './save-file';
import { type RuleDocument, ruleWords } from './rule-words';
import { RULE } from './rule.text';

/** One rule: its versions, and one of them in full. */
@Injectable()
export class RuleStore {
  private readonly api = injectApi();
  private readonly outcome = inject(Outcome);
  private readonly notice = inject(MatSnackBar);
  private readonly session = inject(Session);
  private readonly ruleId = signal<string | undefined>(undefined);
  private readonly wantedVersion = signal<number | undefined>(undefined);
  private readonly wantedAgainst = signal<number | undefined>(undefined);
  private readonly wantsHistory = signal(false);

  private readonly readCurrent = apiResource(ruleRead, () => { const ruleId = this.ruleId(); return ruleId === undefined ? undefined : { ruleId }; });
  private readonly readVersions = apiResource(ruleVersions, () => { const ruleId = this.ruleId(); return ruleId === undefined ? undefined : { ruleId }; });
  private readonly readVersion = apiResource(ruleVersion, () => versionAsked(this.ruleId(), this.wantedVersion()));
  private readonly readAgainst = apiResource(ruleVersion, () => versionAsked(this.ruleId(), this.wantedAgainst()));
  private readonly older = latestOf(this.readVersion, this.wantedVersion);
  private readonly list = latestOf(this.readVersions, this.ruleId);

  readonly systems = inject(Systems);
  readonly current = latestOf(this.readCurrent, this.ruleId);
  readonly versions = computed(() => this.list()?.items ?? []);
  readonly currentVersion = computed(() => this.versions().find((version) => version.current)?.version);
  readonly shown = computed<RuleDocument | undefined>(() => (this.wantedVersion() === undefined ? this.current() : this.older()) as RuleDocument | undefined);
  readonly words = computed(() => { const shown = this.shown(); return shown === undefined ? undefined : ruleWords(shown, (endpoint) => this.systems.nameOf(endpoint)); });
  private readonly compared = latestOf(this.readAgainst, this.wantedAgainst);
  /** The version that the shown one is compared with. */
  readonly against = computed(() => this.compared() as RuleDocument | undefined);
  readonly againstFailure = computed(() => failureOf(this.readAgainst)());
  readonly history = pagedList<RuleHistoryEntryDto, string>({
    params: () => (this.wantsHistory() ? this.ruleId() : undefined), filtered: () => false, idOf: (entry) => entry.seq,
    load: (ruleId, cursor) => this.api(ruleHistory, { ruleId, cursor, limit: 50 }),
  });
  readonly status = computed(() => {
    const rule = screenStatus(this.readCurrent, this.current)();
    return rule === 'ready' && this.wantedVersion() !== undefined ? screenStatus(this.readVersion, this.older)() : rule;
  });
  readonly failure = computed(() => failureOf(this.readCurrent)() ?? failureOf(this.readVersion)());
  readonly mayWrite = computed(() => this.session.may('rules:write'));

  show(ruleId: string, version: number | undefined, against: number | undefined, history: boolean): void {
    this.ruleId.set(ruleId);
    this.wantedVersion.set(version);
    this.wantedAgainst.set(against);
    this.wantsHistory.set(history);
  }

  reload(): void {
    this.readCurrent.reload();
    this.readVersions.reload();
    this.readVersion.reload();
    if (this.wantsHistory()) this.history.reload();
  }

  /** Failing tests of the rule, where these kept it from being done; then a reason does. */
  switchOn(overrideTests?: string): Promise<readonly string[]> { return this.use((ruleId) => this.api(ruleEnable, { ruleId, ...(overrideTests === undefined ? {} : { overrideTests }) }), RULE.enabled); }
  async switchOff(): Promise<void> { await this.use((ruleId) => this.api(ruleDisable, { ruleId }), RULE.disabled); }
  makeCurrent(version: number, overrideTests?: string): Promise<readonly string[]> { return this.use((ruleId) => this.api(ruleSetCurrent, { ruleId, version, body: overrideTests === undefined ? {} : { overrideTests } }), RULE.madeCurrent(version)); }

  /** The id of the copy; undefined where it could not be made. */
  async clone(name: string): Promise<string | undefined> {
    const ruleId = this.ruleId();
    if (ruleId === undefined) return undefined;
    try {
      const copy = await firstValueFrom(this.api(ruleClone, { ruleId, body: { name } }));
      this.notice.open(RULE.cloned, 'Close', { duration: 6_000 });
      return copy.ruleId;
    } catch (failure) {
      this.notice.open(problemText(failure), 'Close', { duration: 12_000 });
      return undefined;
    }
  }

  remove(): Promise<boolean> { return this.outcome.of(this.api(ruleRemove, { ruleId: this.ruleId() ?? '' }), RULE.removed); }

  /** The shown version, as a file that can be imported. */
  export(): void {
    const shown = this.shown();
    if (shown !== undefined) saveFile(fileNameOf(String(shown['name'] ?? '')), shown);
  }

  private async use(act: (ruleId: string) => Observable<unknown>, done: string): Promise<readonly string[]> {
    const ruleId = this.ruleId();
    if (ruleId === undefined) return [];
    try {
      await firstValueFrom(act(ruleId), { defaultValue: undefined });
      this.notice.open(done, 'Close', { duration: 5_000 });
      this.reload();
    } catch (failure) {
      if (failure instanceof HttpErrorResponse && (failure.error as { readonly code?: unknown } | null)?.code === 'rule-tests-failed') return fieldProblems(failure).map((problem) => problem.detail);
      this.notice.open(problemText(failure), 'Close', { duration: 12_000 });
    }
    return [];
  }
}

const versionAsked = (ruleId: string | undefined, version: number | undefined) => (ruleId === undefined || version === undefined ? undefined : { ruleId, version });
