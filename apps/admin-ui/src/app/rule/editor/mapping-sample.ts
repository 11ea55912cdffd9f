import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import type { TrialMappingDto } from '../../api/models';
import { EDITOR } from './editor.text';

/** What a mapping reads of the message beside it, and what it makes of that. */
@Component({
  selector: 'parley-mapping-sample',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (trial(); as tried) {
      @if (reads()) {<span class="in clip" [attr.title]="reads()">{{ reads() }}</span>}
      @if (tried.error) {<span class="error" [attr.title]="tried.error">{{ tried.error }}</span>}
      @else if (writes() === undefined) {<span class="nothing">→ {{ text.nothingMade }}</span>}
      @else {<span class="out" [attr.title]="writes()"><i aria-hidden="true">→</i> {{ writes() }}</span>}
    } @else if (!hasSample() && !isBroken()) {<span class="nothing">{{ text.tryFirst }}</span>}
  `,
  styles: `
    :host { display: grid; gap: 1px; padding: 5px 4px; min-width: 0; font-size: 0.75rem; line-height: 1.35; }
    .in { color: var(--text-faint); }
    .out { color: var(--text); font-weight: 550; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; overflow-wrap: anywhere; }
    i { font-style: normal; color: var(--text-faint); font-weight: 400; }
    .error { color: var(--bad); display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3; overflow: hidden; overflow-wrap: anywhere; }
    .nothing { color: var(--text-faint); font-style: italic; }
  `,
})
export class MappingSample {
  readonly trial = input<TrialMappingDto>();
  readonly hasSample = input(false);
  readonly isBroken = input(false);
  protected readonly text = EDITOR;
  protected readonly reads = computed(() => (this.trial()?.reads ?? []).map((one) => printed(one.value)).join(' · '));
  protected readonly writes = computed(() => {
    const writes = this.trial()?.writes ?? [];
    if (writes.length === 0) return undefined;
    return writes.length === 1 ? printed(writes[0]?.value) : writes.map((one) => `${one.name}: ${printed(one.value)}`).join(' · ');
  });
}

function printed(value: unknown): string {
  if (value === null || value === undefined) return 'absent';
  if (value === '') return 'blank';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
