import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { Present } from './present';
import { distanceText, instantText } from './time-text';

/** An instant in the viewer's zone, as a distance from now, or as something that is due; the exact instant on hover. */
@Component({
  selector: 'parley-instant',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `<time class="number" [attr.datetime]="at()" [attr.title]="at()">{{ text() }}</time>`,
  styles: `time { white-space: nowrap; }`,
})
export class Instant {
  private readonly present = inject(Present);

  /** ISO 8601. */
  readonly at = input.required<string>();
  readonly as = input<'clock' | 'distance' | 'due'>('clock');
  protected readonly text = computed(() => {
    const now = this.present.now();
    switch (this.as()) {
      case 'clock': return instantText(this.at(), now);
      case 'distance': return distanceText(this.at(), now);
      case 'due': return Date.parse(this.at()) <= now ? 'now' : distanceText(this.at(), now);
    }
  });
}
