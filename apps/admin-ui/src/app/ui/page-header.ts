import { ChangeDetectionStrategy, Component, input } from '@angular/core';

/** Title of a screen, one line about it, and its acts at the end (`[acts]`); `[trail]` stands above, `[beside]` after the title. */
@Component({
  selector: 'parley-page-header',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <ng-content select="[trail]" />
    <div class="line">
      <div class="words">
        <h1><span>{{ heading() }}</span> <ng-content select="[beside]" /></h1>
        @if (about(); as text) {<p>{{ text }}</p>}
      </div>
      <div class="acts"><ng-content select="[acts]" /></div>
    </div>
  `,
  styles: `
    :host { display: block; padding: 18px 24px 14px; }
    .line { display: flex; align-items: flex-start; justify-content: space-between; gap: 16px; flex-wrap: wrap; }
    .words { min-width: 0; flex: 1 1 320px; }
    h1 { display: flex; align-items: center; flex-wrap: wrap; gap: 4px 12px; overflow-wrap: anywhere; min-height: 32px; }
    p { color: var(--text-soft); font-size: 0.8125rem; max-width: 104ch; }
    @media (max-width: 700px) { :host { padding: 14px 12px 10px; } }
    .acts { display: flex; align-items: center; gap: 8px; flex-wrap: wrap; }
  `,
})
export class PageHeader {
  readonly heading = input.required<string>();
  readonly about = input<string>();
}
