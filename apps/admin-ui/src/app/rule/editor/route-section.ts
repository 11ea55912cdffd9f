import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { endpointList } from '../../api/functions';
import { apiResource } from '../../http/api-resource';
import { latestOf } from '../../http/latest';
import { Session } from '../../session/session';
import { FieldShell } from '../../ui/field-shell';
import { SuggestInput } from '../../ui/suggest-input';
import { isDraft, textAt, valueAt } from './document-edit';
import { EditorDesk } from './editor-desk';
import { EDITOR } from './editor.text';
import { InsertPlace } from './insert-place';
import { RuleEditorStore } from './rule-editor-store';

/** General matters and the route: what the rule is called, where from, where to, what it is for. */
@Component({
  selector: 'parley-route-section',
  imports: [FieldShell, SuggestInput],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './route-section.html',
  styleUrl: './route-section.scss',
})
export class RouteSection {
  private readonly store = inject(RuleEditorStore);
  private readonly session = inject(Session);
  protected readonly desk = inject(EditorDesk);
  protected readonly place = inject(InsertPlace);
  private readonly read = apiResource(endpointList, () => (this.session.may('endpoints:read') ? {} : undefined));
  private readonly page = latestOf(this.read);

  protected readonly text = EDITOR;
  protected readonly draft = this.store.draft;
  protected readonly isNew = this.store.isNew;
  protected readonly endpoints = computed(() => (this.page()?.items ?? []).map((endpoint) => ({ id: endpoint.id, name: endpoint.name, entityTypes: endpoint.entityTypes.map((type) => type.name) })));
  protected readonly action = computed(() => textAt(this.draft(), '/action') || 'ROUTE');
  protected readonly operation = computed(() => textAt(this.draft(), '/targetCondition') || 'ALL');
  protected readonly isForAnswers = computed(() => this.operation().startsWith('RESPONSE'));
  protected readonly iterate = computed(() => textAt(this.draft(), '/iterate') || (valueAt(this.draft(), '/routeOneTargetPerAttachment') === true ? 'BY_ATTACHMENT' : 'NONE'));
  protected readonly actions = computed(() => wordsOf(this.store.definitions()?.rule, 'action', EDITOR.actions));
  protected readonly operations = computed(() => wordsOf(this.store.definitions()?.rule, 'targetCondition', EDITOR.operations));
  protected readonly iterations = computed(() => wordsOf(this.store.definitions()?.rule, 'iterate', EDITOR.iterations));
  protected readonly outcomes = Object.entries(EDITOR.outcomes);
  protected readonly ends = computed(() => [
    { label: this.isForAnswers() ? EDITOR.sourceOfAnswers : EDITOR.source, endpoint: '/sourceSystemId', entityType: '/sourceEntityType' },
    ...(this.action() === 'ROUTE' ? [{ label: EDITOR.target, endpoint: '/targetSystemId', entityType: '/targetEntityType' }] : []),
  ].map((end) => {
    const chosen = this.endpoints().find((one) => one.id.toLowerCase() === this.at(end.endpoint).toLowerCase());
    return { ...end, chosen: this.at(end.endpoint), isKnown: chosen !== undefined, entityTypes: chosen?.entityTypes ?? [], type: this.at(end.entityType) };
  }));

  protected at(pointer: string): string { return textAt(this.draft(), pointer); }
  protected write(pointer: string, value: unknown): void { this.store.write(pointer, value); }
  protected writeNumber(pointer: string, typed: string): void { this.store.write(pointer, typed.trim() === '' ? 0 : Number.isFinite(Number(typed)) ? Number(typed) : typed); }
  protected isOn(pointer: string): boolean { return valueAt(this.draft(), pointer) === true; }
  protected isSame(one: string, other: string): boolean { return one.toLowerCase() === other.toLowerCase(); }
  protected knows(types: readonly string[], type: string): boolean { return types.some((one) => this.isSame(one, type)); }

  /** An endpoint with one entity type leaves nothing to choose. */
  protected chooseEndpoint(end: { readonly endpoint: string; readonly entityType: string }, id: string): void {
    this.store.write(end.endpoint, id);
    const types = this.endpoints().find((one) => one.id === id)?.entityTypes ?? [];
    if (!this.knows(types, this.at(end.entityType))) this.store.write(end.entityType, types.length === 1 ? types[0] : '');
  }

  protected chooseIteration(value: string): void {
    this.store.write('/routeOneTargetPerAttachment', undefined);
    this.store.write('/iterate', value);
  }
}

function wordsOf(schema: unknown, key: string, words: Readonly<Record<string, string>>): readonly (readonly [string, string])[] {
  const member = valueAt(schema, `/properties/${key}`);
  const values = isDraft(member) && Array.isArray(member['enum']) ? member['enum'].map(String) : [];
  return values.map((value) => [value, words[value] ?? value.toLowerCase().replaceAll('_', ' ')] as const);
}
