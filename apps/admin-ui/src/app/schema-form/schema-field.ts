import { ChangeDetectionStrategy, Component, computed, input, output } from '@angular/core';
import type { FieldProblem } from '../http/field-problems';
import { type Field, isAddable } from './field';
import { Unreadable, emptyOf, isObject, pointerTo, readJson, readNumber, readTexts, withMember } from './form-value';
import { PairsField } from './pairs-field';
import { FORM } from './schema-form.text';
import { SecretField } from './secret-field';

/** One field of a form made from a schema, with whatever lies in it. Values are never changed in place: each change hands up a new one. */
@Component({
  selector: 'parley-schema-field',
  imports: [PairsField, SecretField],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './schema-field.html',
  styleUrl: './schema-field.scss',
})
export class SchemaField {
  readonly field = input.required<Field>();
  readonly value = input<unknown>();
  /** JSON pointer of the value in the document. */
  readonly pointer = input.required<string>();
  readonly problems = input<readonly FieldProblem[]>([]);
  /** Without heading: the item of a list, which has one already. */
  readonly isBare = input(false);
  /** What it is called where its own description says nothing. */
  readonly name = input('');
  /** What it lies in, the nearest first: groups of one name are told apart by it. */
  readonly within = input('');
  /** The new value; undefined where it is left out. */
  readonly changed = output<unknown>();

  protected readonly text = FORM;
  protected readonly numberOf = readNumber;
  protected readonly jsonOf = readJson;
  protected readonly fieldId = computed(() => fieldIdOf(this.pointer()));
  protected readonly isNested = computed(() => ['group', 'variants', 'list'].includes(this.field().kind));
  protected readonly isAbsent = computed(() => this.value() === undefined && isAddable(this.field()));
  protected readonly mayRemove = computed(() => this.value() !== undefined && isAddable(this.field()));
  protected readonly isWide = computed(() => { const field = this.field(); return field.kind === 'json' || field.kind === 'pairs' || ((field.kind === 'text' || field.kind === 'secret') && field.isMultiline); });
  protected readonly own = computed(() => this.problems().filter((problem) => problem.pointer === this.pointer()).map((problem) => problem.detail));
  protected readonly isInvalid = computed(() => (this.own().length > 0 ? true : null));
  protected readonly help = computed(() => [this.field().help, this.field().kind === 'texts' ? FORM.onePerLine : this.field().kind === 'json' ? FORM.asJson : undefined].filter((line) => line !== undefined).join(' '));
  protected readonly describedBy = computed(() => [...(this.own().length > 0 ? [`${this.fieldId()}-problem`] : []), ...(this.help() ? [`${this.fieldId()}-help`] : [])].join(' ') || null);
  protected readonly defaultText = computed(() => { const fallback = this.field().default; return fallback === undefined ? null : String(fallback); });
  protected readonly shown = computed(() => shownText(this.value(), this.field().kind));
  protected readonly items = computed<readonly unknown[]>(() => { const value = this.value(); return Array.isArray(value) ? (value as readonly unknown[]) : []; });
  protected readonly nameOfItems = computed(() => { const field = this.field(); return field.kind === 'list' ? field.item.label : ''; });
  protected readonly variantValue = computed(() => { const field = this.field(); return field.kind === 'variants' ? String(this.memberOf(field.discriminator) ?? '') : ''; });
  protected readonly variantFields = computed(() => { const field = this.field(); return field.kind === 'variants' ? (field.variants.find((variant) => variant.value === this.variantValue())?.fields ?? []) : []; });

  protected readonly groupName = computed(() => joined(this.field().label, this.within()));
  protected readonly withinHere = computed(() => (this.isBare() ? this.within() : this.groupName()));

  protected itemName(item: unknown, at: number): string { return joined(this.field().label, this.itemLabel(item, at), this.within()); }
  protected memberOf(name: string): unknown { const value = this.value(); return isObject(value) ? value[name] : undefined; }
  protected pointerOf(key: string | number): string { return pointerTo(this.pointer(), key); }
  protected textsOf(lines: string): unknown { const field = this.field(); return readTexts(lines, field.kind === 'texts' && field.isAlwaysList); }
  protected add(): void { this.changed.emit(emptyOf(this.field())); }
  protected writeText(typed: string): void { this.changed.emit(typed === '' ? undefined : typed); }

  protected write(name: string, member: unknown): void {
    const next = withMember(this.value(), name, member);
    const isEmptied = Object.keys(next).length === 0 && !this.field().isRequired && !isAddable(this.field());
    this.changed.emit(isEmptied ? undefined : next);
  }

  /** Another variant starts anew: what the old one was given means nothing to it. */
  protected chooseVariant(value: string): void {
    const field = this.field();
    if (field.kind === 'variants') this.changed.emit({ [field.discriminator]: value });
  }

  protected addItem(): void {
    const field = this.field();
    if (field.kind === 'list') this.changed.emit([...this.items(), emptyOf(field.item) ?? '']);
  }

  protected removeItem(at: number): void {
    const rest = this.items().filter((_, place) => place !== at);
    this.changed.emit(rest.length === 0 && !this.field().isRequired ? undefined : rest);
  }

  protected writeItem(at: number, item: unknown): void {
    this.changed.emit(this.items().map((before, place) => (place === at ? (item ?? {}) : before)));
  }

  /** An item is called by its name where it has one. */
  protected itemLabel(item: unknown, at: number): string {
    const name = isObject(item) ? item['name'] : undefined;
    return typeof name === 'string' && name !== '' ? name : FORM.item(this.nameOfItems() || this.field().label, at + 1);
  }
}

const joined = (...names: readonly string[]): string => names.filter((name) => name !== '').join(', ');

/** Id of the element that a person writes into. */
export const fieldIdOf = (pointer: string): string => `field${pointer.replaceAll(/\s/g, '-')}`;

function shownText(value: unknown, kind: Field['kind']): string {
  if (value === undefined) return '';
  if (value instanceof Unreadable) return value.text;
  if (kind === 'json') return JSON.stringify(value, null, 2);
  if (Array.isArray(value)) return value.join('\n');
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}
