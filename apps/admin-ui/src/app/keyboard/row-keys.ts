import { Directive, ElementRef, inject } from '@angular/core';
import { isTyping } from './typing';

/** `j` and `k` walk the `.row-link`s inside; Enter opens one, since it is a link; `x` marks its `.row-pick`. */
@Directive({
  selector: '[parleyRowKeys]',
  host: { '(document:keydown)': 'obey($event)' },
})
export class RowKeys {
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef);

  protected obey(event: KeyboardEvent): void {
    if (isTyping(event)) return;
    if (event.key === 'x') this.mark();
    else if (event.key === 'j' || event.key === 'k') this.walk(event);
  }

  private mark(): void {
    const row = document.activeElement?.closest('tr, li');
    if (row != null && this.host.nativeElement.contains(row)) row.querySelector<HTMLInputElement>('input.row-pick')?.click();
  }

  private walk(event: KeyboardEvent): void {
    const links = [...this.host.nativeElement.querySelectorAll<HTMLElement>('.row-link')];
    if (links.length === 0) return;
    const row = document.activeElement?.closest('tr, li');
    const at = links.findIndex((link) => link === document.activeElement || (row != null && row === link.closest('tr, li')));
    const next = at === -1 ? 0 : Math.min(links.length - 1, Math.max(0, at + (event.key === 'j' ? 1 : -1)));
    event.preventDefault();
    links[next]?.focus();
    links[next]?.scrollIntoView({ block: 'nearest' });
  }
}
