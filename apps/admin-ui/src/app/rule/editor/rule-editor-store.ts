import { HttpClient, HttpErrorResponse } from '@angular/common/http';
import { Injectable, computed, inject, signal } from '@angular/core';
import { firstValueFrom } from 'rxjs';
import { ruleAddVersion, ruleCreate, ruleEditingAttributes, ruleEditingDefinitions, ruleRead, ruleVersion } from '../../api/functions';
import type { RuleDocument } from '../../api/models';
import { apiResource } from '../../http/api-resource';
import { type FieldProblem, fieldProblems } from '../../http/field-problems';
import { latestOf } from '../../http/latest';
import { isMissing, problemText } from '../../http/problem-text';
import type { ScreenStatus } from '../../ui/screen-frame';
import { type Draft, EMPTY_RULE, contentOf, isDraft, sameDocument, textAt, withValueAt } from './document-edit';

/** What the server holds, and the tag that a write must name to be sure it replaces nothing else. */
interface Stored {
  readonly document: Draft;
  readonly tag: string | undefined;
}

export interface SaveChoice {
  readonly description: string;
  readonly makeCurrent: boolean;
  /** Why it may be used although its tests fail. */
  readonly overrideTests?: string | undefined;
}

export type SaveResult =
  | { readonly kind: 'saved'; readonly ruleId: string; readonly version: number }
  | { readonly kind: 'tests-failed'; readonly failing: readonly string[] }
  | { readonly kind: 'conflict' }
  | { readonly kind: 'refused'; readonly why: string };

/** A rule that is being written: a new one, or the next version of a stored one. */
@Injectable()
export class RuleEditorStore {
  private readonly http = inject(HttpClient);
  private readonly readDefinitions = apiResource(ruleEditingDefinitions, () => ({}));
  private readonly stored = signal<Stored | undefined>(undefined);
  private readonly written = signal<Draft>(EMPTY_RULE);
  private readonly before = signal<Draft>(EMPTY_RULE);
  private readonly readFailure = signal<unknown>(undefined);
  private readonly isRead = signal(false);
  private readonly theirs = signal<Stored | undefined>(undefined);
  private readonly saved = signal<readonly FieldProblem[]>([]);
  private wanted: { readonly ruleId: string | undefined; readonly version: number | undefined } = { ruleId: undefined, version: undefined };

  readonly draft = this.written.asReadonly();
  readonly definitions = latestOf(this.readDefinitions);
  readonly ruleId = signal<string | undefined>(undefined);
  readonly isNew = computed(() => this.ruleId() === undefined);
  /** What the editor began with. */
  readonly base = this.before.asReadonly();
  readonly hasUnsaved = computed(() => !sameDocument(this.written(), this.before()));
  /** The version in use, as it was read. */
  readonly current = computed(() => this.stored()?.document);
  /** What someone else saved meanwhile. */
  readonly conflict = computed(() => this.theirs()?.document);
  /** What the last save was refused for; gone with the next change. */
  readonly refused = this.saved.asReadonly();
  readonly status = computed<ScreenStatus>(() => {
    if (isMissing(this.readFailure())) return 'missing';
    if (this.readFailure() !== undefined || (this.readDefinitions.error() !== undefined && this.definitions() === undefined)) return 'failed';
    return this.isRead() && this.definitions() !== undefined ? 'ready' : 'loading';
  });
  readonly failure = computed(() => { const failure = this.readFailure() ?? this.readDefinitions.error(); return failure === undefined ? undefined : problemText(failure); });

  private readonly routeOf = computed(() => JSON.stringify(['source', 'sourceEntityType', 'target', 'targetEntityType'].map((key) => textAt(this.written(), `/${key.replace(/^(source|target)$/, '$1SystemId')}`))));
  private readonly readNames = apiResource(ruleEditingAttributes, () => {
    const [source, sourceEntityType, target, targetEntityType] = JSON.parse(this.routeOf()) as string[];
    return { source, sourceEntityType, target, targetEntityType };
  });
  /** Names that may be meant; nothing while they are not known, or may not be read. */
  readonly names = latestOf(this.readNames);

  /** A stored rule (`version`: the one that the next is based on), or a new one that begins as `beginning`. */
  open(ruleId: string | undefined, version: number | undefined, beginning: Draft | undefined): void {
    if (this.isRead() && this.wanted.ruleId === ruleId && this.wanted.version === version) return;
    this.wanted = { ruleId, version };
    this.ruleId.set(ruleId);
    this.isRead.set(false);
    if (ruleId !== undefined) void this.load(ruleId, version);
    else {
      this.stored.set(undefined);
      this.begin(EMPTY_RULE, EMPTY_RULE);
      if (beginning !== undefined) this.written.set({ ...EMPTY_RULE, ...contentOf(beginning) });
    }
  }

  reload(): void {
    this.readDefinitions.reload();
    if (this.wanted.ruleId !== undefined) void this.load(this.wanted.ruleId, this.wanted.version);
  }

  /** Writes at a JSON pointer; undefined takes away what stands there. */
  write(pointer: string, value: unknown): void {
    this.written.update((draft) => withValueAt(draft, pointer, value) as Draft);
    this.saved.set([]);
  }

  replace(draft: Draft): void {
    this.written.set(draft);
    this.saved.set([]);
  }

  async save(choice: SaveChoice): Promise<SaveResult> {
    try {
      const document = await this.send(choice);
      const ruleId = textAt(document, '/ruleId');
      this.before.set(this.written());
      return { kind: 'saved', ruleId, version: Number(document['version']) };
    } catch (failure) {
      return this.resultOf(failure);
    }
  }

  /** What someone else saved takes the place of what was written here. */
  takeTheirs(): void {
    const theirs = this.theirs();
    if (theirs === undefined) return;
    this.stored.set(theirs);
    this.begin(contentOf(theirs.document), contentOf(theirs.document));
  }

  /** Goes on with what was written here; the next save stands upon what someone else saved. */
  keepMine(): void {
    const theirs = this.theirs();
    if (theirs === undefined) return;
    // Whether the rule is on was not written here: what they switched off stays off.
    if (this.written()['enabled'] === this.before()['enabled']) this.written.update((draft) => ({ ...draft, enabled: theirs.document['enabled'] }));
    this.stored.set(theirs);
    this.before.set(contentOf(theirs.document));
    this.theirs.set(undefined);
  }

  private async send({ description, makeCurrent, overrideTests }: SaveChoice): Promise<Draft> {
    const stored = this.stored();
    const ruleId = this.ruleId();
    const body = { ...this.written(), changeDescription: description, current: makeCurrent } as unknown as RuleDocument;
    const more = overrideTests === undefined ? {} : { overrideTests };
    const call = ruleId === undefined ? ruleCreate(this.http, '', { body, ...more }) : ruleAddVersion(this.http, '', { ruleId, body, 'if-match': stored?.tag, ...more });
    return (await firstValueFrom(call)).body as unknown as Draft;
  }

  private async resultOf(failure: unknown): Promise<SaveResult> {
    const problems = fieldProblems(failure);
    if (failure instanceof HttpErrorResponse && codeOf(failure) === 'rule-tests-failed') return { kind: 'tests-failed', failing: problems.map((problem) => problem.detail) };
    const ruleId = this.ruleId();
    if (failure instanceof HttpErrorResponse && failure.status === 412 && ruleId !== undefined) {
      this.theirs.set(await this.fetch(ruleId).catch(() => undefined));
      return { kind: 'conflict' };
    }
    this.saved.set(problems);
    return { kind: 'refused', why: problemText(failure) };
  }

  private async load(ruleId: string, version: number | undefined): Promise<void> {
    this.readFailure.set(undefined);
    try {
      const stored = await this.fetch(ruleId);
      const based = version === undefined ? stored.document : ((await firstValueFrom(ruleVersion(this.http, '', { ruleId, version }))).body as unknown as Draft);
      if (this.wanted.ruleId !== ruleId || this.wanted.version !== version) return;
      this.stored.set(stored);
      // Whether the rule is on belongs to the rule, not to the version that the next is based on.
      this.begin(contentOf(stored.document), { ...contentOf(based), enabled: stored.document['enabled'] });
    } catch (failure) {
      this.readFailure.set(failure);
    }
  }

  private async fetch(ruleId: string): Promise<Stored> {
    const answer = await firstValueFrom(ruleRead(this.http, '', { ruleId }));
    return { document: answer.body as unknown as Draft, tag: answer.headers.get('etag') ?? undefined };
  }

  private begin(before: Draft, written: Draft): void {
    this.before.set(before);
    this.written.set(written);
    this.saved.set([]);
    this.theirs.set(undefined);
    this.isRead.set(true);
  }
}

function codeOf({ error }: HttpErrorResponse): unknown {
  return isDraft(error) ? error['code'] : undefined;
}
