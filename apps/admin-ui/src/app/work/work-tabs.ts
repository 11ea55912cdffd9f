import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { Session } from '../session/session';
import { UNMAPPED, WORK } from './work.text';

/** The work lists beside each other. */
@Component({
  selector: 'parley-work-tabs',
  imports: [RouterLink],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <nav [attr.aria-label]="text.list">
      @for (choice of text.lists; track choice.value) {<a routerLink="/work" [queryParams]="{ list: choice.value, endpoint: endpoint() ?? null }" [class.here]="here() === choice.value" [attr.aria-current]="here() === choice.value ? 'page' : null">{{ choice.label }}</a>}
      @if (mayReadRules()) {<a routerLink="/work/unmapped" [class.here]="here() === 'unmapped'" [attr.aria-current]="here() === 'unmapped' ? 'page' : null">{{ unmapped.tab }}</a>}
    </nav>
  `,
  styles: `
    nav { display: inline-flex; flex-wrap: wrap; padding: 2px; border: 1px solid var(--line-strong); border-radius: 8px; background: var(--surface); }
    a { display: inline-flex; align-items: center; height: 26px; padding: 0 12px; border-radius: 6px; color: var(--text-soft); font-size: 0.8125rem; }
    a:hover { text-decoration: none; color: var(--text); }
    .here { background: var(--accent-surface); color: var(--accent-surface-on); font-weight: 600; }
  `,
})
export class WorkTabs {
  private readonly session = inject(Session);
  readonly here = input.required<string>();
  /** Goes along from list to list. */
  readonly endpoint = input<string>();
  protected readonly text = WORK;
  protected readonly unmapped = UNMAPPED;
  protected readonly mayReadRules = computed(() => this.session.may('rules:read'));
}
