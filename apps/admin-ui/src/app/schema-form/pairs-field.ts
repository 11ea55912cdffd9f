import { ChangeDetectionStrategy, Component, input, linkedSignal, output } from '@angular/core';
import { Icon } from '../ui/icon';
import { isObject } from './form-value';
import { FORM } from './schema-form.text';

interface Pair {
  readonly name: string;
  readonly value: string;
}

/** Names with a text each. Lines without a name are kept on screen and left out of the value. */
@Component({
  selector: 'parley-pairs-field',
  imports: [Icon],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @for (pair of pairs(); track $index) {
      <div class="pair">
        <input class="text-control" [attr.aria-label]="label() + ', ' + text.pairName" [value]="pair.name" (input)="write($index, { name: $any($event.target).value, value: pair.value })" />
        <input class="text-control" [attr.aria-label]="label() + ', ' + text.pairValue" [value]="pair.value" (input)="write($index, { name: pair.name, value: $any($event.target).value })" />
        <button type="button" class="control plain square" [attr.aria-label]="text.remove + ' ' + pair.name" (click)="remove($index)"><parley-icon name="close" [size]="14" /></button>
      </div>
    }
    <button type="button" class="control small" [id]="fieldId()" (click)="add()">{{ text.addPair }}</button>
  `,
  styles: `.pair { display: grid; grid-template-columns: minmax(0, 2fr) minmax(0, 3fr) 32px; gap: 8px; margin-bottom: 6px; }`,
})
export class PairsField {
  readonly value = input<unknown>();
  readonly label = input.required<string>();
  readonly fieldId = input.required<string>();
  readonly changed = output<unknown>();

  protected readonly text = FORM;
  /** Follows the value only where it says something else than the lines: a half-written line is not lost. */
  protected readonly pairs = linkedSignal<unknown, readonly Pair[]>({
    source: this.value,
    computation: (value, previous) => (previous !== undefined && JSON.stringify(valueOf(previous.value)) === JSON.stringify(value) ? previous.value : pairsOf(value)),
  });

  protected add(): void { this.pairs.update((pairs) => [...pairs, { name: '', value: '' }]); }
  protected remove(at: number): void { this.take(this.pairs().filter((_, place) => place !== at)); }
  protected write(at: number, pair: Pair): void { this.take(this.pairs().map((before, place) => (place === at ? pair : before))); }

  private take(pairs: readonly Pair[]): void {
    this.pairs.set(pairs);
    this.changed.emit(valueOf(pairs));
  }
}

const pairsOf = (value: unknown): readonly Pair[] => (isObject(value) ? Object.entries(value).map(([name, member]) => ({ name, value: String(member) })) : []);

function valueOf(pairs: readonly Pair[]): Readonly<Record<string, string>> | undefined {
  const named = pairs.filter((pair) => pair.name.trim() !== '');
  return named.length === 0 ? undefined : Object.fromEntries(named.map((pair) => [pair.name.trim(), pair.value]));
}
