import { NgTemplateOutlet } from '@angular/common';
import { ChangeDetectionStrategy, Component, computed, effect, inject, input, untracked } from '@angular/core';
import { MatSnackBar } from '@angular/material/snack-bar';
import { Router, RouterLink } from '@angular/router';
import type { Unsaved } from '../schema-form/ask-before-loss';
import { type Field, fieldOf } from '../schema-form/field';
import { isObject, withMember } from '../schema-form/form-value';
import { SchemaField, fieldIdOf } from '../schema-form/schema-field';
import { FORM } from '../schema-form/schema-form.text';
import { Systems } from '../system/systems';
import { Icon } from '../ui/icon';
import { Instant } from '../ui/instant';
import { PageHeader } from '../ui/page-header';
import { ScreenFrame } from '../ui/screen-frame';
import { type EndpointDraft, proposedId } from './endpoint-draft';
import { EndpointEditorStore } from './endpoint-editor-store';
import { EDITOR, ENDPOINT } from './endpoint.text';
import { PresetBlanks, blankIdOf } from './preset-blanks';
import { SystemChoice } from './system-choice';
import { WsdlCalls } from './wsdl-calls';

/** Connects a system, or changes how it is connected: a form made from the adapter's own schemas. */
@Component({
  selector: 'parley-endpoint-editor',
  imports: [Icon, Instant, NgTemplateOutlet, PageHeader, PresetBlanks, RouterLink, SchemaField, ScreenFrame, SystemChoice, WsdlCalls],
  providers: [EndpointEditorStore],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { '(window:beforeunload)': 'warn($event)' },
  templateUrl: './endpoint-editor.html',
  styleUrl: './endpoint-editor.scss',
})
export class EndpointEditor implements Unsaved {
  private readonly store = inject(EndpointEditorStore);
  private readonly router = inject(Router);
  private readonly notice = inject(MatSnackBar);
  private readonly systems = inject(Systems);

  /** Absent: a new one. */
  readonly endpointId = input<string>();
  /** Kind of a new one. */
  readonly adapterKind = input<string>(undefined, { alias: 'adapter' });
  /** Known system that a new one is. */
  readonly preset = input<string>();

  protected readonly text = EDITOR;
  protected readonly endpointText = ENDPOINT;
  protected readonly formText = FORM;
  protected readonly nameField: Field = fieldOf({ type: 'string', 'x-label': EDITOR.name, 'x-help': EDITOR.nameHelp }, 'name', true);
  protected readonly idField: Field = fieldOf({ type: 'string', 'x-label': EDITOR.id, 'x-help': EDITOR.idHelp }, 'id', true);
  protected readonly status = this.store.status;
  protected readonly failure = this.store.failure;
  protected readonly draft = this.store.draft;
  protected readonly adapter = this.store.adapter;
  protected readonly adapters = this.store.adapters;
  protected readonly isNew = this.store.isNew;
  protected readonly saving = this.store.saving;
  protected readonly refusedWhy = this.store.refusedWhy;
  protected readonly problems = this.store.problems;
  protected readonly conflict = this.store.conflict;
  protected readonly mainFields = this.store.mainFields;
  protected readonly tuningFields = this.store.tuningFields;
  protected readonly entityTypes = this.store.entityTypes;
  protected readonly begunWith = this.store.begunWith;
  protected readonly blanks = this.store.blanks;
  protected readonly chosen = computed(() => this.adapter() !== undefined);
  /** What stands at a blank already needs no second telling. */
  protected readonly listedProblems = computed(() => this.problems().filter(({ pointer }) => !this.blanks().some((blank) => blank.pointer === pointer)));
  /** The preset's own settings are opened where something is wrong with them. */
  protected readonly presetHasProblem = computed(() => this.listedProblems().some(({ pointer }) => /^\/(settings|entityTypes)/.test(pointer)));
  protected readonly heading = computed(() => { const name = this.store.storedName(); return name === undefined ? EDITOR.connect : EDITOR.editing(name); });
  protected readonly tuningHasProblem = computed(() => this.problems().some(({ pointer }) => this.tuningFields().some((field) => `${pointer}/`.startsWith(`/settings/${field.name}/`))));

  constructor() {
    effect(() => {
      const [id, adapter, preset] = [this.endpointId(), this.adapterKind(), this.preset()];
      untracked(() => { this.store.open(id, { adapter, preset }); });
    });
  }

  hasUnsaved(): boolean { return this.store.hasUnsaved(); }
  protected fill(pointer: string, text: string): void { this.store.fill(pointer, text); }

  protected warn(event: BeforeUnloadEvent): void { if (this.hasUnsaved()) event.preventDefault(); }
  protected reload(): void { this.store.reload(); }
  protected takeTheirs(): void { this.store.takeTheirs(); }
  protected keepMine(): void { this.store.keepMine(); }
  protected settingOf(name: string): unknown { const settings = this.draft().settings; return isObject(settings) ? settings[name] : undefined; }
  protected writeSetting(name: string, value: unknown): void { this.store.change({ settings: withMember(this.draft().settings, name, value) }); }
  protected writeCalls({ settings, entityTypes }: EndpointDraft): void { this.store.change({ settings, entityTypes }); }
  protected writeEntityTypes(value: unknown): void { this.store.change({ entityTypes: value }); }
  protected chooseId(value: unknown): void { this.store.change({ id: typeof value === 'string' ? value : '' }); }

  /** A new endpoint's id follows its name until it is chosen. */
  protected rename(value: unknown): void {
    const name = typeof value === 'string' ? value : '';
    const follows = this.isNew() && (this.draft().id === '' || this.draft().id === proposedId(this.draft().name));
    this.store.change({ name, ...(follows ? { id: proposedId(name) } : {}) });
  }

  protected goTo(pointer: string): void {
    const field = document.getElementById(blankIdOf(pointer)) ?? document.getElementById(fieldIdOf(pointer));
    field?.closest('details')?.setAttribute('open', '');
    field?.focus();
  }

  protected async save(event: Event): Promise<void> {
    event.preventDefault();
    const wasNew = this.isNew();
    const id = await this.store.save();
    if (id === undefined) { window.scrollTo({ top: 0 }); return; }
    this.systems.reload();
    this.notice.open(wasNew ? EDITOR.created : EDITOR.saved, 'Close', { duration: 6_000 });
    await this.router.navigate(['/endpoints', id]);
  }
}
