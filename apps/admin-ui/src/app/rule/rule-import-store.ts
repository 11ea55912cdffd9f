import { Injectable, computed, inject, signal } from '@angular/core';
import { firstValueFrom } from 'rxjs';
import { ruleImport } from '../api/functions';
import type { ImportedRuleDto, RuleDocument } from '../api/models';
import { injectApi } from '../http/api-resource';
import { type FieldProblem, fieldProblems } from '../http/field-problems';
import { problemText } from '../http/problem-text';
import { Session } from '../session/session';

type Document = Readonly<Record<string, unknown>>;

/** A rule of the file, and what is wrong with it. */
export interface ReadRule {
  readonly name: string;
  readonly ends: string;
  /** Keep the whole file from being imported. */
  readonly errors: readonly FieldProblem[];
  /** To be put right before it can be switched on. */
  readonly problems: readonly FieldProblem[];
}

/** A file of rules: read here, tried on the server without effect, imported when somebody says so. */
@Injectable()
export class RuleImportStore {
  private readonly api = injectApi();
  private readonly session = inject(Session);
  private readonly file = signal<{ readonly name: string; readonly documents: readonly Document[] } | undefined>(undefined);
  private readonly tried = signal<readonly ImportedRuleDto[]>([]);
  private readonly refused = signal<readonly FieldProblem[]>([]);
  private readonly failed = signal<string | undefined>(undefined);
  private readonly working = signal(false);
  private readonly done = signal<readonly ImportedRuleDto[] | undefined>(undefined);
  private asked = 0;

  readonly mayWrite = computed(() => this.session.may('rules:write'));
  readonly fileName = computed(() => this.file()?.name);
  readonly documents = computed(() => this.file()?.documents ?? []);
  readonly busy = this.working.asReadonly();
  /** Why the file cannot be read at all, or was not taken. */
  readonly failure = this.failed.asReadonly();
  readonly imported = this.done.asReadonly();
  readonly rules = computed<readonly ReadRule[]>(() => this.documents().map((document, at) => ({
    name: textOf(document['name']) || '–', ends: [textOf(document['sourceSystemId']), textOf(document['targetSystemId'])].filter((end) => end !== '').join(' → '),
    errors: errorsOf(this.refused(), at), problems: this.tried()[at]?.problems ?? [],
  })));
  readonly hasErrors = computed(() => this.refused().length > 0);

  /** Reads JSON text and asks the server what it thinks of it. */
  async read(name: string, text: string): Promise<void> {
    const mine = ++this.asked;
    this.clear();
    let content: unknown;
    try {
      content = JSON.parse(text);
    } catch (error) {
      this.failed.set(`${name}: ${error instanceof Error ? error.message : 'not JSON'}`);
      return;
    }
    const documents = rulesIn(content);
    if (documents.length === 0) { this.failed.set(`${name} holds no rule.`); return; }
    this.file.set({ name, documents });
    this.working.set(true);
    try {
      const answer = await firstValueFrom(this.api(ruleImport, { dryRun: true, body: documents as unknown as RuleDocument[] }));
      if (mine === this.asked) this.tried.set(answer.items);
    } catch (failure) {
      if (mine === this.asked) this.tell(failure);
    } finally {
      if (mine === this.asked) this.working.set(false);
    }
  }

  /** Imports them all, switched off. */
  async import(): Promise<void> {
    this.working.set(true);
    try {
      this.done.set((await firstValueFrom(this.api(ruleImport, { body: this.documents() as unknown as RuleDocument[] }))).items);
    } catch (failure) {
      this.tell(failure);
    } finally {
      this.working.set(false);
    }
  }

  clear(): void {
    this.file.set(undefined);
    this.tried.set([]);
    this.refused.set([]);
    this.failed.set(undefined);
    this.done.set(undefined);
    this.working.set(false);
  }

  private tell(failure: unknown): void {
    this.refused.set(fieldProblems(failure));
    if (this.refused().length === 0) this.failed.set(problemText(failure));
  }
}

/** One rule, a list of them, or an object with a list of `rules` (a configuration). */
export function rulesIn(content: unknown): readonly Document[] {
  if (Array.isArray(content)) return content as readonly Document[];
  if (!isDocument(content)) return [];
  return Array.isArray(content['rules']) && content['mappings'] === undefined ? content['rules'] as readonly Document[] : [content];
}

function errorsOf(problems: readonly FieldProblem[], at: number): readonly FieldProblem[] {
  const prefix = `/${String(at)}`;
  return problems.filter(({ pointer }) => pointer === prefix || pointer.startsWith(`${prefix}/`)).map((problem) => ({ ...problem, pointer: problem.pointer.slice(prefix.length) }));
}

const isDocument = (value: unknown): value is Document => typeof value === 'object' && value !== null && !Array.isArray(value);
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
