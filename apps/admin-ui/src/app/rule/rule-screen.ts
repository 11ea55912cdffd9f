import { CdkMenu, CdkMenuItem, CdkMenuTrigger } from '@angular/cdk/menu';
import { ChangeDetectionStrategy, Component, computed, effect, inject, input } from '@angular/core';
import { MatDialog } from '@angular/material/dialog';
import { Router, RouterLink } from '@angular/router';
import { firstValueFrom } from 'rxjs';
import { DiffView } from '../ui/diff-view';
import { Icon } from '../ui/icon';
import { Instant } from '../ui/instant';
import { JsonView } from '../ui/json-view';
import { PageHeader } from '../ui/page-header';
import { Question } from '../ui/question';
import { ScreenFrame } from '../ui/screen-frame';
import { StateChip } from '../ui/state-chip';
import { SystemName } from '../ui/system-name';
import { ReasonDialog, type ReasonAsked } from './reason-dialog';
import { changeInJson, changeInWords } from './rule-diff';
import { RuleHistory } from './rule-history';
import { RuleStore } from './rule-store';
import { RULE } from './rule.text';

const VIEWS = ['words', 'json', 'changes', 'history'] as const;
type View = (typeof VIEWS)[number];

/** One rule in words and as its document, with all its versions, what changed between them and what was done to it. */
@Component({
  selector: 'parley-rule-screen',
  imports: [CdkMenu, CdkMenuItem, CdkMenuTrigger, DiffView, Icon, Instant, JsonView, PageHeader, RouterLink, RuleHistory, ScreenFrame, StateChip, SystemName],
  providers: [RuleStore],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './rule-screen.html',
  styleUrl: './rule-screen.scss',
})
export class RuleScreen {
  private readonly store = inject(RuleStore);
  private readonly router = inject(Router);
  private readonly dialog = inject(MatDialog);
  private readonly question = inject(Question);

  readonly ruleId = input.required<string>();
  readonly version = input<string>();
  readonly view = input<string>();
  /** The version that the shown one is compared with. */
  readonly against = input<string>();

  protected readonly text = RULE;
  protected readonly views = VIEWS;
  protected readonly status = this.store.status;
  protected readonly failure = this.store.failure;
  protected readonly versions = this.store.versions;
  protected readonly words = this.store.words;
  protected readonly shown = this.store.shown;
  protected readonly systems = this.store.systems;
  protected readonly mayWrite = this.store.mayWrite;
  protected readonly currentVersion = this.store.currentVersion;
  protected readonly history = this.store.history;
  protected readonly shownView = computed<View>(() => VIEWS.find((one) => one === this.view()) ?? 'words');
  protected readonly name = computed(() => textOf(this.shown()?.['name']));
  protected readonly enabled = computed(() => this.store.current()?.['enabled'] !== false);
  protected readonly route = computed(() => {
    const rule = this.shown() ?? {};
    return { source: textOf(rule['sourceSystemId']), sourceType: textOf(rule['sourceEntityType']), target: textOf(rule['targetSystemId']), targetType: textOf(rule['targetEntityType']) };
  });
  protected readonly shownVersion = computed(() => { const version = this.shown()?.['version']; return typeof version === 'number' ? version : undefined; });
  protected readonly isOlder = computed(() => this.shownVersion() !== undefined && this.currentVersion() !== undefined && this.shownVersion() !== this.currentVersion());
  /** The one that is asked for, else the one before, else the one in use. */
  protected readonly otherVersion = computed(() => {
    const [asked, shown, versions] = [wholeOf(this.against()), this.shownVersion(), this.versions().map((version) => version.version)];
    if (asked !== undefined && asked !== shown && versions.includes(asked)) return asked;
    return versions.find((version) => shown !== undefined && version < shown) ?? versions.find((version) => version !== shown);
  });
  protected readonly changes = computed(() => {
    const [shown, other] = [this.shown(), this.store.against()];
    if (shown === undefined || other === undefined || other['version'] === shown['version']) return undefined;
    return { words: changeInWords(other, shown, (endpoint) => this.systems.nameOf(endpoint)), json: changeInJson(other, shown) };
  });
  protected readonly changesFailure = this.store.againstFailure;

  constructor() {
    effect(() => { this.store.show(this.ruleId(), wholeOf(this.version()), this.shownView() === 'changes' ? this.otherVersion() : undefined, this.shownView() === 'history'); });
  }

  protected reload(): void { this.store.reload(); }
  protected export(): void { this.store.export(); }

  protected compareWith(version: string): void {
    void this.router.navigate([], { queryParams: { against: version }, queryParamsHandling: 'merge', replaceUrl: true });
  }

  protected async toggle(): Promise<void> {
    if (this.enabled()) await this.store.switchOff();
    else await this.unlessTestsFail((reason) => this.store.switchOn(reason));
  }

  protected async makeCurrent(version: number): Promise<void> {
    await this.unlessTestsFail((reason) => this.store.makeCurrent(version, reason));
    if (this.currentVersion() === version) await this.router.navigate([], { queryParams: { version: null }, queryParamsHandling: 'merge' });
  }

  protected async clone(): Promise<void> {
    const name = await this.askFor({ title: RULE.cloneTitle, about: RULE.cloneAbout, lines: [], label: RULE.cloneName, act: RULE.clone, text: `${this.name()} (copy)` });
    const ruleId = name === undefined ? undefined : await this.store.clone(name);
    if (ruleId !== undefined) await this.router.navigate(['/rules', ruleId]);
  }

  protected async remove(): Promise<void> {
    if (await this.question.ask({ title: RULE.removeTitle(this.name()), text: RULE.removeAbout, act: RULE.remove }) && await this.store.remove()) await this.router.navigate(['/rules']);
  }

  private async unlessTestsFail(act: (reason?: string) => Promise<readonly string[]>): Promise<void> {
    const failing = await act();
    if (failing.length === 0) return;
    const reason = await this.askFor({ title: RULE.testsFail, about: RULE.testsFailAbout, lines: failing, label: RULE.reason, act: RULE.useAnyway });
    if (reason !== undefined) await act(reason);
  }

  private askFor(data: ReasonAsked): Promise<string | undefined> {
    return firstValueFrom(this.dialog.open<ReasonDialog, ReasonAsked, string>(ReasonDialog, { data, width: '520px', maxWidth: '94vw' }).afterClosed(), { defaultValue: undefined });
  }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const wholeOf = (text: string | undefined): number | undefined => { const number = Number(text); return Number.isInteger(number) && number > 0 ? number : undefined; };
