import { ChangeDetectionStrategy, Component, computed, effect, inject, input, untracked } from '@angular/core';
import { MatDialog } from '@angular/material/dialog';
import { MatSnackBar } from '@angular/material/snack-bar';
import { Router, RouterLink } from '@angular/router';
import { firstValueFrom } from 'rxjs';
import type { Unsaved } from '../../schema-form/ask-before-loss';
import { Systems } from '../../system/systems';
import { DiffView } from '../../ui/diff-view';
import { Icon } from '../../ui/icon';
import { PageHeader } from '../../ui/page-header';
import { ScreenFrame } from '../../ui/screen-frame';
import { RuleBeginning } from '../rule-beginning';
import { changeInWords } from '../rule-diff';
import { RULE } from '../rule.text';
import { AnswerSection } from './answer-section';
import { AttachmentSection } from './attachment-section';
import { Bench } from './bench';
import { ConditionList } from './condition-list';
import { DelayList } from './delay-list';
import { listAt, textAt, valueAt } from './document-edit';
import { EditorDesk } from './editor-desk';
import { EDITOR, SAVE } from './editor.text';
import { InsertPlace } from './insert-place';
import { JsonSection } from './json-section';
import { MappingList } from './mapping-list';
import { RouteSection } from './route-section';
import { RuleEditorStore, type SaveChoice, type SaveResult } from './rule-editor-store';
import { SamplePanel } from './sample-panel';
import { SaveDialog, type SaveAsked } from './save-dialog';
import { type Section, SECTIONS, sectionOf } from './sections';
import { valuesOf, withRowFor } from './table-cells';
import { TestList } from './test-list';
import { TrialStore } from './trial-store';

/** Writes a rule, or the next version of one, with a real message beside it. */
@Component({
  selector: 'parley-rule-editor',
  imports: [AnswerSection, AttachmentSection, Bench, ConditionList, DelayList, DiffView, Icon, JsonSection, MappingList, PageHeader, RouteSection, RouterLink, SamplePanel, ScreenFrame, TestList],
  providers: [EditorDesk, InsertPlace, RuleEditorStore, TrialStore],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { '(window:beforeunload)': 'warn($event)', '(document:keydown)': 'press($event)' },
  templateUrl: './rule-editor.html',
  styleUrl: './rule-editor.scss',
})
export class RuleEditor implements Unsaved {
  private readonly store = inject(RuleEditorStore);
  private readonly router = inject(Router);
  private readonly dialog = inject(MatDialog);
  private readonly notice = inject(MatSnackBar);
  private readonly beginning = inject(RuleBeginning);
  private readonly systems = inject(Systems);
  private readonly desk = inject(EditorDesk);
  protected readonly trial = inject(TrialStore);

  /** Absent: a new rule. */
  readonly ruleId = input<string>();
  /** The version that the next one is based on. */
  readonly version = input<string>();
  readonly section = input<string>();
  /** A past message to begin with beside the rule. */
  readonly message = input<string>();

  /** A table to begin with, and the values of a row that it is to get, as JSON: both gone from the address once they are there. */
  readonly table = input<string>();
  readonly row = input<string>();

  protected readonly text = EDITOR;
  protected readonly ruleText = RULE;
  protected readonly saveText = SAVE;
  protected readonly status = this.store.status;
  protected readonly failure = this.store.failure;
  protected readonly isNew = this.store.isNew;
  protected readonly isChanged = this.store.hasUnsaved;
  protected readonly conflict = this.store.conflict;
  protected readonly basedOn = computed(() => { const version = Number(this.version()); return Number.isInteger(version) && version > 0 ? version : undefined; });
  protected readonly shown = computed<Section>(() => SECTIONS.find((one) => one === this.section()) ?? (this.isNew() && !this.isChanged() ? 'route' : this.section() === undefined && !this.isNew() ? 'mappings' : 'route'));
  protected readonly heading = computed(() => { const name = textAt(this.store.draft(), '/name'); return this.isNew() && name === '' ? EDITOR.newRule : EDITOR.editing(name); });
  protected readonly problems = this.trial.problems;
  protected readonly sections = computed(() => SECTIONS.map((key) => ({
    key, label: EDITOR.sections[key], count: countOf(this.store.draft(), key), problems: key === 'json' ? 0 : this.problems().filter((problem) => sectionOf(problem.pointer) === key).length,
  })));
  protected readonly theirChanges = computed(() => { const theirs = this.conflict(); return theirs === undefined ? [] : changeInWords(this.store.current() ?? {}, theirs, (endpoint) => this.systems.nameOf(endpoint)); });
  protected readonly theirWords = computed(() => { const theirs = this.conflict(); return theirs === undefined ? '' : SAVE.conflictBy(textAt(theirs, '/createdBy') || RULE.nobody, textAt(theirs, '/version'), textAt(theirs, '/changeDescription')); });

  constructor() {
    effect(() => {
      const [ruleId, version] = [this.ruleId(), this.basedOn()];
      untracked(() => { this.store.open(ruleId, version, ruleId === undefined ? this.beginning.take() : undefined); });
    });
    effect(() => {
      const message = this.message();
      if (message !== undefined) untracked(() => { void this.trial.pick(message); });
    });
    effect(() => {
      const [table, row] = [this.table(), this.row()];
      if (table !== undefined && this.status() === 'ready') untracked(() => { this.openTable(table, valuesOf(row)); });
    });
  }

  hasUnsaved(): boolean { return this.store.status() === 'ready' && this.store.hasUnsaved(); }

  protected warn(event: BeforeUnloadEvent): void { if (this.hasUnsaved()) event.preventDefault(); }
  protected reload(): void { this.store.reload(); }
  protected needsAttachment(): boolean { return valueAt(this.store.draft(), '/attachmentRequired') === true; }
  protected requireAttachment(needs: boolean): void { this.store.write('/attachmentRequired', needs); }
  protected takeTheirs(): void { this.store.takeTheirs(); }
  protected keepMine(): void { this.store.keepMine(); }

  protected press(event: KeyboardEvent): void {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 's' || this.status() !== 'ready') return;
    event.preventDefault();
    if (this.dialog.openDialogs.length === 0) void this.save();
  }

  /** Opens a table, with a new row for values that came and that it has none for. */
  private openTable(pointer: string, values: readonly string[] | undefined): void {
    const draft = values === undefined ? undefined : withRowFor(this.store.draft(), pointer, values);
    if (draft !== undefined) this.store.replace(draft);
    this.desk.toOpen.set(pointer);
    void this.router.navigate([], { queryParams: { section: sectionOf(pointer), table: null, row: null }, queryParamsHandling: 'merge', replaceUrl: true });
  }

  /** Shows where a problem is and puts the cursor there. */
  protected async goTo(pointer: string): Promise<void> {
    await this.router.navigate([], { queryParams: { section: sectionOf(pointer) }, queryParamsHandling: 'merge', replaceUrl: true });
    setTimeout(() => {
      for (let at = pointer; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) {
        const field = document.getElementById(at) ?? document.getElementById(`field${at}`) ?? document.querySelector<HTMLElement>(`[data-mapping="${CSS.escape(at)}"] :is(input, textarea, button)`);
        if (field !== null) { field.scrollIntoView({ block: 'center' }); field.focus(); return; }
      }
    });
  }

  protected async save(): Promise<void> {
    const data: SaveAsked = {
      isNew: this.isNew(), description: this.basedOn() === undefined ? '' : `Based on version ${String(this.basedOn())}`,
      changes: changeInWords(this.store.current() ?? {}, this.store.draft(), (endpoint) => this.systems.nameOf(endpoint)), save: (choice: SaveChoice) => this.store.save(choice),
    };
    const result = await firstValueFrom(this.dialog.open<SaveDialog, SaveAsked, SaveResult & { readonly makeCurrent: boolean }>(SaveDialog, { data, width: '620px', maxWidth: '94vw' }).afterClosed(), { defaultValue: undefined });
    if (result === undefined) return;
    if (result.kind === 'saved') {
      this.notice.open(result.makeCurrent ? SAVE.inUse(result.version) : SAVE.saved(result.version), 'Close', { duration: 6_000 });
      await this.router.navigate(['/rules', result.ruleId], { queryParams: result.makeCurrent ? {} : { version: result.version } });
    } else if (result.kind === 'refused') {
      this.notice.open(result.why, 'Close', { duration: 12_000 });
    }
    window.scrollTo({ top: 0 });
  }
}

function countOf(draft: object, key: Section): number | undefined {
  switch (key) {
    case 'conditions': return listAt(draft, '/entityConditions').length + listAt(draft, '/conversationConditions').length + (valueAt(draft, '/attachmentRequired') === true ? 1 : 0);
    case 'delays': return listAt(draft, '/delayConditions').length;
    case 'virtual': return listAt(draft, '/virtualAttributeMappings').length;
    case 'mappings': return listAt(draft, '/mappings').length;
    case 'conversation': return listAt(draft, '/conversationAttributeMappings').length;
    case 'tests': return listAt(draft, '/tests').length;
    case 'route': case 'attachments': case 'answers': case 'bench': case 'json': return undefined;
  }
}
