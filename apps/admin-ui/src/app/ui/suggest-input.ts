import { OverlayModule } from '@angular/cdk/overlay';
import { ChangeDetectionStrategy, Component, type ElementRef, computed, input, output, signal, viewChild } from '@angular/core';
import { type Suggestion, type Token, fitting, openName, withName } from './suggestions';

let made = 0;

/** A field that offers names: the whole of it is one (`name`), or they stand in it as `${name}` (`template`). Ctrl+Space opens the list. */
@Component({
  selector: 'parley-suggest',
  imports: [OverlayModule],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './suggest-input.html',
  styleUrl: './suggest-input.scss',
  host: { '[class.bad]': 'invalid()' },
})
export class SuggestInput {
  readonly value = input.required<string>();
  readonly label = input.required<string>();
  readonly mode = input<'name' | 'template'>('template');
  readonly suggestions = input<readonly Suggestion[]>([]);
  readonly placeholder = input('');
  readonly fieldId = input<string>();
  readonly invalid = input(false);
  readonly describedBy = input<string>();
  readonly changed = output<string>();
  /** It has the focus: names that are chosen elsewhere may be put here. */
  readonly entered = output<SuggestInput>();

  private readonly field = viewChild.required<ElementRef<HTMLInputElement | HTMLTextAreaElement>>('field');
  private readonly token = signal<Token | undefined>(undefined);
  protected readonly listId = `suggestions-${String(++made)}`;
  protected readonly shown = computed(() => { const token = this.token(); return token === undefined ? [] : fitting(this.suggestions(), token.query); });
  protected readonly isOpen = computed(() => this.shown().length > 0);
  protected readonly at = signal(0);
  protected readonly activeId = computed(() => (this.isOpen() ? `${this.listId}-${String(this.at())}` : null));

  /** Writes a name at the caret. */
  insert(name: string): void {
    const element = this.field().nativeElement;
    if (this.mode() === 'name') { this.write(name, name.length); return; }
    const caret = element.selectionStart ?? element.value.length;
    this.write(...placed(element.value, openName(element.value, caret) ?? { start: caret, end: element.selectionEnd ?? caret, query: '' }, { name }));
  }

  focus(): void { this.field().nativeElement.focus(); }

  protected typed(): void {
    const element = this.field().nativeElement;
    this.changed.emit(element.value);
    this.look(false);
  }

  protected look(isAsked: boolean): void {
    const { value, selectionStart } = this.field().nativeElement;
    const caret = selectionStart ?? value.length;
    this.at.set(0);
    if (this.mode() === 'name') this.token.set({ start: 0, end: value.length, query: isAsked ? '' : value });
    else this.token.set(openName(value, caret) ?? (isAsked ? { start: caret, end: caret, query: '' } : undefined));
    if (this.mode() === 'name' && this.shown().length === 1 && this.shown()[0]?.name === value) this.close();
  }

  protected press(event: KeyboardEvent): void {
    if (event.key === ' ' && event.ctrlKey) { event.preventDefault(); this.look(true); return; }
    if (!this.isOpen()) {
      if (event.key === 'ArrowDown' && this.mode() === 'name') { event.preventDefault(); this.look(true); }
      return;
    }
    const count = this.shown().length;
    switch (event.key) {
      case 'ArrowDown': this.at.set((this.at() + 1) % count); break;
      case 'ArrowUp': this.at.set((this.at() + count - 1) % count); break;
      case 'Enter': case 'Tab': this.choose(this.shown()[this.at()]); break;
      case 'Escape': event.stopPropagation(); this.close(); break;
      default: return;
    }
    if (event.key !== 'Tab' || this.mode() === 'template') event.preventDefault();
    document.getElementById(this.activeId() ?? '')?.scrollIntoView({ block: 'nearest' });
  }

  protected choose(suggestion: Suggestion | undefined): void {
    const token = this.token();
    if (suggestion === undefined || token === undefined) return;
    if (this.mode() === 'name') this.write(suggestion.name, suggestion.name.length);
    else this.write(...placed(this.field().nativeElement.value, token, suggestion));
    if (suggestion.isPrefix === true) this.look(false);
    else this.close();
  }

  protected close(): void { this.token.set(undefined); }

  private write(text: string, caret: number): void {
    const element = this.field().nativeElement;
    element.value = text;
    element.focus();
    element.setSelectionRange(caret, caret);
    this.changed.emit(text);
  }
}

function placed(text: string, token: Token, suggestion: Suggestion): [string, number] {
  const next = withName(text, token, suggestion);
  return [next.text, next.caret];
}
