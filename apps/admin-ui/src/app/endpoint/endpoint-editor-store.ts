import { HttpClient } from '@angular/common/http';
import { Injectable, computed, inject, signal } from '@angular/core';
import { firstValueFrom } from 'rxjs';
import { adapterList, endpointCreate, endpointPut, endpointRead, presetRead } from '../api/functions';
import type { AdapterDto, EndpointDto, PresetDto } from '../api/models';
import { apiResource } from '../http/api-resource';
import { type FieldProblem, fieldProblems } from '../http/field-problems';
import { latestOf } from '../http/latest';
import { isMissing, problemText } from '../http/problem-text';
import { failureOf } from '../http/screen-status';
import { type Field, fieldOf, fieldsOf, isTuning } from '../schema-form/field';
import { unreadable } from '../schema-form/form-value';
import type { ScreenStatus } from '../ui/screen-frame';
import { type EndpointDraft, bodyOf, draftOf, emptyDraft, isConflict } from './endpoint-draft';
import { EDITOR } from './endpoint.text';
import { blanksOf, draftOfPreset, unfilled, withBlank } from './preset-draft';

/** What the server holds, and the tag that a write must name to be sure it changes nothing else. */
interface Stored {
  readonly endpoint: EndpointDto;
  readonly tag: string | undefined;
}

/** An endpoint that is being written, new or stored. */
@Injectable()
export class EndpointEditorStore {
  private readonly http = inject(HttpClient);
  private readonly read = apiResource(adapterList, () => ({}));
  private readonly adaptersPage = latestOf(this.read);
  private readonly stored = signal<Stored | undefined>(undefined);
  private readonly readFailure = signal<unknown>(undefined);
  private readonly wantedId = signal<string | undefined>(undefined);
  private readonly written = signal<EndpointDraft>(emptyDraft(''));
  private readonly before = signal<EndpointDraft>(emptyDraft(''));
  private readonly busy = signal(false);
  private readonly refused = signal<readonly FieldProblem[]>([]);
  private readonly refusal = signal<string | undefined>(undefined);
  private readonly theirs = signal<Stored | undefined>(undefined);

  private readonly preset = signal<PresetDto | undefined>(undefined);

  readonly draft = this.written.asReadonly();
  /** What a new endpoint began with, where it is a known system. */
  readonly begunWith = this.preset.asReadonly();
  readonly blanks = computed(() => { const preset = this.preset(); return preset === undefined ? [] : blanksOf(preset); });
  readonly saving = this.busy.asReadonly();
  /** Why the last save failed, as a sentence. */
  readonly refusedWhy = this.refusal.asReadonly();
  readonly problems = this.refused.asReadonly();
  /** What someone else stored meanwhile. */
  readonly conflict = computed(() => this.theirs()?.endpoint);
  readonly adapters = computed<readonly AdapterDto[]>(() => this.adaptersPage()?.items ?? []);
  readonly adapter = computed(() => this.adapters().find((one) => one.kind === this.written().adapter));
  readonly isNew = computed(() => this.wantedId() === undefined);
  readonly storedName = computed(() => this.stored()?.endpoint.name);
  readonly hasUnsaved = computed(() => JSON.stringify(this.written()) !== JSON.stringify(this.before()));
  private readonly fields = computed(() => { const adapter = this.adapter(); return adapter === undefined ? [] : fieldsOf(adapter.settings); });
  readonly mainFields = computed(() => this.fields().filter((field) => !isTuning(field)));
  readonly tuningFields = computed(() => this.fields().filter(isTuning));
  readonly entityTypes = computed<Field | undefined>(() => {
    const adapter = this.adapter();
    return adapter === undefined ? undefined : { ...fieldOf({ type: 'array', items: adapter.entityTypeSettings, 'x-label': EDITOR.entityType }, 'entityTypes', true) };
  });
  readonly status = computed<ScreenStatus>(() => {
    if (isMissing(this.readFailure())) return 'missing';
    if (this.readFailure() !== undefined || (this.read.error() !== undefined && this.adaptersPage() === undefined)) return 'failed';
    return this.adaptersPage() === undefined || (!this.isNew() && this.stored() === undefined) ? 'loading' : 'ready';
  });
  readonly failure = computed(() => (this.readFailure() === undefined ? failureOf(this.read)() : problemText(this.readFailure())));

  /** A stored endpoint, or a new one of the given kind. */
  open(id: string | undefined, { adapter, preset }: { readonly adapter: string | undefined; readonly preset: string | undefined }): void {
    this.wantedId.set(id);
    if (id !== undefined) void this.load(id);
    else if (preset !== undefined) void this.loadPreset(preset);
    else if (this.written().adapter !== adapter || this.preset() !== undefined) {
      this.preset.set(undefined);
      this.startFrom(emptyDraft(adapter ?? ''));
    }
  }

  fill(pointer: string, text: string): void {
    this.written.update((draft) => withBlank(draft, pointer, text === '' ? undefined : text));
  }

  reload(): void {
    this.read.reload();
    const id = this.wantedId();
    if (id !== undefined) void this.load(id);
  }

  change(part: Partial<EndpointDraft>): void {
    this.written.update((draft) => ({ ...draft, ...part }));
  }

  /** The id under which it is stored; undefined where it could not be. */
  async save(): Promise<string | undefined> {
    const unread = [...unreadable(this.written().settings, '/settings'), ...unreadable(this.written().entityTypes, '/entityTypes')];
    const missing = unfilled(this.written(), this.blanks());
    this.refused.set([...missing, ...unread]);
    this.refusal.set(unread.length > 0 ? EDITOR.unreadable : missing.length > 0 ? EDITOR.refused(missing.length) : undefined);
    if (missing.length + unread.length > 0 || this.busy()) return undefined;
    this.busy.set(true);
    try {
      const { id } = await this.write();
      this.before.set(this.written());
      return id;
    } catch (failure) {
      await this.tellRefusal(failure);
      return undefined;
    } finally {
      this.busy.set(false);
    }
  }

  /** What someone else stored takes the place of what was written here. */
  takeTheirs(): void {
    const theirs = this.theirs();
    if (theirs !== undefined) this.begin(theirs);
  }

  /** Goes on with what was written here; the next save replaces what someone else stored. */
  keepMine(): void {
    const theirs = this.theirs();
    if (theirs === undefined) return;
    this.stored.set(theirs);
    this.theirs.set(undefined);
    this.refusal.set(undefined);
  }

  private async write(): Promise<EndpointDto> {
    const body = bodyOf(this.written());
    const id = this.wantedId();
    const call = id === undefined ? endpointCreate(this.http, '', { body }) : endpointPut(this.http, '', { id, body, 'if-match': this.stored()?.tag });
    return (await firstValueFrom(call)).body;
  }

  private async tellRefusal(failure: unknown): Promise<void> {
    const problems = fieldProblems(failure);
    this.refused.set(problems);
    this.refusal.set(problems.length > 0 ? EDITOR.refused(problems.length) : problemText(failure));
    const id = this.wantedId();
    if (isConflict(failure) && id !== undefined) this.theirs.set(await this.fetch(id).catch(() => undefined));
  }

  private async load(id: string): Promise<void> {
    this.readFailure.set(undefined);
    try {
      const stored = await this.fetch(id);
      if (this.wantedId() === id) this.begin(stored);
    } catch (failure) {
      this.readFailure.set(failure);
    }
  }

  private async loadPreset(id: string): Promise<void> {
    if (this.preset()?.id === id) return;
    this.readFailure.set(undefined);
    try {
      const { body } = await firstValueFrom(presetRead(this.http, '', { id }));
      this.preset.set(body);
      this.startFrom(draftOfPreset(body));
    } catch (failure) {
      this.readFailure.set(failure);
    }
  }

  private async fetch(id: string): Promise<Stored> {
    const answer = await firstValueFrom(endpointRead(this.http, '', { id }));
    return { endpoint: answer.body, tag: answer.headers.get('etag') ?? undefined };
  }

  private begin(stored: Stored): void {
    this.stored.set(stored);
    this.startFrom(draftOf(stored.endpoint));
  }

  private startFrom(draft: EndpointDraft): void {
    this.written.set(draft);
    this.before.set(draft);
    this.refused.set([]);
    this.refusal.set(undefined);
    this.theirs.set(undefined);
  }
}
