import { Injectable, computed, inject, signal } from '@angular/core';
import { MatSnackBar } from '@angular/material/snack-bar';
import { trialDiscovery } from '../../api/functions';
import type { KindDefinitionDto, MappingDefinitionDto } from '../../api/models';
import { apiResource } from '../../http/api-resource';
import { latestOf } from '../../http/latest';
import { Session } from '../../session/session';
import { type Draft, listAt, moved, textAt } from './document-edit';
import { readableNames, writableNames } from './editor-names';
import { EDITOR } from './editor.text';
import { RuleEditorStore } from './rule-editor-store';
import { TrialStore } from './trial-store';

const UNDO_MS = 8_000;

/** What every section of the editor works with: names to offer, definitions, and changes of lists that can be undone. */
@Injectable()
export class EditorDesk {
  private readonly store = inject(RuleEditorStore);
  private readonly trial = inject(TrialStore);
  private readonly notice = inject(MatSnackBar);
  private readonly session = inject(Session);
  private readonly target = computed(() => { const [id, entityType] = [textAt(this.store.draft(), '/targetSystemId'), textAt(this.store.draft(), '/targetEntityType')]; return id === '' || entityType === '' || !this.session.may('endpoints:operate') ? undefined : JSON.stringify({ id, entityType }); });
  // A target that does not answer has nothing to offer, and says so on its own screens.
  private readonly asked = apiResource(trialDiscovery, () => { const target = this.target(); return target === undefined ? undefined : JSON.parse(target) as { id: string; entityType: string }; });
  private readonly described = latestOf(this.asked, this.target);
  private readonly parts = computed(() => ({ draft: this.store.draft(), attributes: this.trial.attributes(), names: this.store.names(), readable: this.store.definitions()?.names ?? [], described: this.described()?.attributes ?? [] }));
  private readonly inConditions = computed(() => readableNames(this.parts(), false));
  private readonly inMappings = computed(() => readableNames(this.parts(), true));

  /** Place of a mapping that is to be opened once it is shown. */
  readonly toOpen = signal<string | undefined>(undefined);
  readonly operators = computed(() => this.store.definitions()?.operators ?? []);
  readonly mappings = computed<readonly MappingDefinitionDto[]>(() => this.store.definitions()?.mappings ?? []);
  readonly formatters = computed<readonly KindDefinitionDto[]>(() => this.store.definitions()?.formatters ?? []);
  readonly delays = computed<readonly KindDefinitionDto[]>(() => this.store.definitions()?.delays ?? []);
  readonly matchers = computed<readonly string[]>(() => this.store.definitions()?.matchers ?? []);

  readable(inMappings: boolean): ReturnType<typeof readableNames> { return inMappings ? this.inMappings() : this.inConditions(); }
  writable(list: string): ReturnType<typeof writableNames> { return writableNames(this.parts(), list); }
  problemsAt(pointer: string): readonly string[] { return this.trial.problemsAt(pointer).map((problem) => problem.detail); }

  add(list: string, item: Draft): number {
    const items = listAt(this.store.draft(), list);
    this.store.write(list, [...items, item]);
    return items.length;
  }

  /** Takes an element away; for a while it can be brought back. */
  remove(list: string, at: number): void {
    const before = this.store.draft();
    this.store.write(list, listAt(before, list).filter((_, place) => place !== at));
    const after = this.store.draft();
    this.notice.open(EDITOR.removed, EDITOR.undo, { duration: UNDO_MS }).onAction().subscribe(() => {
      if (this.store.draft() === after) this.store.replace(before);
      else this.store.write(list, listAt(this.store.draft(), list).toSpliced(at, 0, listAt(before, list)[at]));
    });
  }

  move(list: string, from: number, to: number): void {
    this.store.write(list, moved(listAt(this.store.draft(), list), from, to));
  }
}
