import { Directive, ElementRef, inject, input } from '@angular/core';
import { isTyping } from './typing';

/** `j` and `k` walk the `.row-link`s inside, and heads of groups that are closed (`.row-stop`); Enter opens one, since it is a link; `x` marks its `.row-pick`. Where rows lead nowhere (`rows`) they are walked themselves, and Tab goes on to what is in them. */
@Directive({
  selector: '[parleyRowKeys]',
  host: { '(document:keydown)': 'obey($event)' },
})
export class RowKeys {
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef);
  readonly walked = input<'' | 'rows'>('', { alias: 'parleyRowKeys' });

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
    // Of several lists on a screen the one walks that has the focus, else the first.
    const focused = document.activeElement?.closest('[parleyRowKeys]');
    if (event.defaultPrevented || (focused != null && focused !== this.host.nativeElement)) return;
    const stops = [...this.host.nativeElement.querySelectorAll<HTMLElement>(this.walked() === 'rows' ? 'tbody tr' : '.row-link, .row-stop')];
    if (stops.length === 0) return;
    const row = document.activeElement?.closest('tr, li');
    const at = stops.findIndex((stop) => stop === document.activeElement || (row != null && row === stop.closest('tr, li')));
    const next = stops[at === -1 ? 0 : Math.min(stops.length - 1, Math.max(0, at + (event.key === 'j' ? 1 : -1)))];
    event.preventDefault();
    if (this.walked() === 'rows') next?.setAttribute('tabindex', '-1');
    next?.focus();
    next?.scrollIntoView({ block: 'nearest' });
  }
}
