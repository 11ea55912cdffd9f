import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { Icon } from '../ui/icon';

/** The head of one group of a work list, which opens and closes it by the address, and below it what is in it. */
@Component({
  selector: 'parley-work-group',
  imports: [Icon, RouterLink],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { role: 'region', '[attr.aria-label]': 'label()' },
  template: `
    <a class="head" [class.row-stop]="!isOpen()" [routerLink]="[]" [queryParams]="opens()" queryParamsHandling="merge" [replaceUrl]="true" [attr.aria-expanded]="isOpen()">
      <span class="count number">{{ count() }}</span>
      <span class="words"><ng-content select="[groupTitle]" /><span class="line"><ng-content select="[groupAbout]" /></span></span>
      <parley-icon [name]="isOpen() ? 'down' : 'right'" [size]="16" />
    </a>
    <ng-content />
  `,
  styles: `
    :host { display: block; }
    .head { display: flex; align-items: center; gap: 14px; padding: 12px 16px; color: inherit; font-size: 0.8125rem; }
    .head:hover { background: var(--surface-hover); text-decoration: none; }
    .head > parley-icon { color: var(--text-faint); }
    .head:focus-visible { outline-offset: -2px; }
    .count { flex: none; min-width: 44px; padding: 4px 8px; border-radius: 8px; background: var(--calm-surface); color: var(--calm); font-weight: 650; text-align: center; }
    .words { flex: 1; min-width: 0; display: grid; gap: 3px; overflow-wrap: anywhere; }
    .line { display: flex; align-items: center; gap: 10px; min-width: 0; min-height: 20px; }
  `,
})
export class WorkGroupFrame {
  readonly label = input.required<string>();
  readonly count = input.required<number>();
  readonly isOpen = input.required<boolean>();
  /** The parameter of the address that opens a group, and the group's key there. */
  readonly parameter = input.required<string>();
  readonly key = input.required<string>();
  protected readonly opens = computed(() => ({ [this.parameter()]: this.isOpen() ? null : this.key() }));
}
