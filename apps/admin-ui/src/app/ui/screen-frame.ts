import { ChangeDetectionStrategy, Component, input, output } from '@angular/core';
import { Icon } from './icon';

export type ScreenStatus = 'loading' | 'failed' | 'missing' | 'ready';

/** Around a screen about one thing: the thing, or why it is not there. `[elsewhere]` is where to go when it does not exist. */
@Component({
  selector: 'parley-screen-frame',
  imports: [Icon],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @switch (status()) {
      @case ('loading') {
        <div class="loading" aria-busy="true"><span class="unseen" role="status">Loading…</span><i class="title"></i><div><i></i><i></i></div></div>
      }
      @case ('failed') {
        <div class="state" role="alert">
          <parley-icon class="bad" name="warning" [size]="28" /><h1>This could not be loaded</h1><p>{{ failure() }}</p>
          <button type="button" class="control" (click)="retry.emit()"><parley-icon name="retry" [size]="15" />Try again</button>
        </div>
      }
      @case ('missing') {
        <div class="state" role="status"><parley-icon name="search" [size]="28" /><h1>{{ missingTitle() }}</h1><p>{{ missing() }}</p><ng-content select="[elsewhere]" /></div>
      }
      @case ('ready') {<ng-content />}
    }
  `,
  styles: `
    .state { display: flex; flex-direction: column; align-items: center; justify-content: center; gap: 12px; min-height: 70vh; padding: 24px; text-align: center; color: var(--text-soft); }
    .state parley-icon { color: var(--text-faint); }
    .state .bad { color: var(--bad-mark); }
    .state h1 { color: var(--text); font-size: 1.0625rem; }
    .state p { max-width: 60ch; }
    .loading { padding: 24px; }
    .loading i { display: block; border-radius: var(--radius); background: var(--line); animation: breathe 1.4s ease-in-out infinite alternate; }
    .loading .title { width: 280px; height: 26px; margin-bottom: 28px; }
    .loading div { display: grid; grid-template-columns: 3fr 2fr; gap: 16px; }
    .loading div i { height: 380px; opacity: 0.7; }
    @keyframes breathe { from { opacity: 0.7; } to { opacity: 0.35; } }
  `,
})
export class ScreenFrame {
  readonly status = input.required<ScreenStatus>();
  readonly failure = input<string>();
  readonly missingTitle = input('Not found');
  readonly missing = input<string>();
  readonly retry = output();
}
