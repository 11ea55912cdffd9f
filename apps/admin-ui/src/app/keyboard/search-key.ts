import { Directive, ElementRef, inject } from '@angular/core';
import { isTyping } from './typing';

/** `/` goes to this field; Escape leaves it. */
@Directive({
  selector: 'input[parleySearchKey]',
  host: { '(document:keydown./)': 'enter($event)', '(keydown.escape)': 'leave()', 'aria-keyshortcuts': '/' },
})
export class SearchKey {
  private readonly host = inject<ElementRef<HTMLInputElement>>(ElementRef);

  protected enter(event: Event): void {
    if (isTyping(event as KeyboardEvent)) return;
    event.preventDefault();
    this.host.nativeElement.focus();
    this.host.nativeElement.select();
  }

  protected leave(): void {
    this.host.nativeElement.blur();
  }
}
