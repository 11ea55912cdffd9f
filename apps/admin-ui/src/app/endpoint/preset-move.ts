import { ChangeDetectionStrategy, Component, computed, inject, input, linkedSignal, output } from '@angular/core';
import { endpointPresetMove, endpointPresetPlan } from '../api/functions';
import type { EndpointDto } from '../api/models';
import { apiResource, injectApi } from '../http/api-resource';
import { latestOf } from '../http/latest';
import { Outcome } from '../http/outcome';
import { PRESET_MOVE } from './preset-move.text';

/** That there is a newer version of the preset an endpoint was made from, and what a move to it would change. Nothing where there is none. */
@Component({
  selector: 'parley-preset-move',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (plan(); as plan) {
      <section class="panel" aria-labelledby="preset-move">
        <header><h2 id="preset-move">{{ text.heading }}</h2></header>
        <div class="panel-body">
          <p class="soft">{{ text.about(plan.to, plan.from) }}@if (!plan.isBaseKnown) {&ngsp;{{ text.unknownBase }}}</p>
          @if (plan.taken.length > 0) {
            <details><summary>{{ text.taken(plan.taken.length) }}</summary><ul>@for (place of plan.taken; track place) {<li class="fixed">{{ place }}</li>}</ul></details>
          }
          @if (plan.conflicts.length > 0) {
            <p>{{ text.conflicts }}</p>
            <ul class="conflicts">
              @for (conflict of plan.conflicts; track conflict.pointer) {
                <li>
                  <label><input type="checkbox" [disabled]="!mayWrite()" [checked]="chosen().has(conflict.pointer)" (change)="choose(conflict.pointer, $any($event.target).checked)" /><span class="fixed">{{ conflict.pointer }}</span></label>
                  <p class="fixed soft">{{ text.here }}: {{ shown(conflict.mine) }}<br />{{ text.preset }}: {{ shown(conflict.theirs) }}</p>
                </li>
              }
            </ul>
          }
          @if (mayWrite()) {<button type="button" class="control strong" (click)="move()">{{ text.move }}</button>}
        </div>
      </section>
    }
  `,
  styles: `
    :host { display: contents; }
    .panel-body { display: grid; gap: 10px; justify-items: start; }
    ul { margin: 0; padding: 0; list-style: none; display: grid; gap: 6px; }
    .fixed { overflow-wrap: anywhere; font-size: 0.75rem; }
    label { display: flex; gap: 8px; align-items: baseline; }
    li p { margin: 2px 0 0 24px; }
  `,
})
export class PresetMove {
  readonly endpoint = input.required<EndpointDto>();
  readonly mayWrite = input(false);
  /** The endpoint is to be read again. */
  readonly changed = output<void>();
  private readonly api = injectApi();
  private readonly outcome = inject(Outcome);
  private readonly wanted = computed(() => { const { id, newerPreset, version } = this.endpoint(); return newerPreset === null ? undefined : { id, version }; }, { equal: (one, other) => one?.id === other?.id && one?.version === other?.version });
  private readonly read = apiResource(endpointPresetPlan, () => { const wanted = this.wanted(); return wanted === undefined ? undefined : { id: wanted.id }; });
  private readonly latest = latestOf(this.read, this.wanted);

  protected readonly text = PRESET_MOVE;
  protected readonly plan = computed(() => (this.wanted() === undefined ? undefined : this.latest()));
  /** Conflicts in which the preset is right. */
  protected readonly chosen = linkedSignal<unknown, ReadonlySet<string>>({ source: this.wanted, computation: () => new Set() });

  protected choose(pointer: string, isChosen: boolean): void {
    this.chosen.update((before) => new Set(isChosen ? [...before, pointer] : [...before].filter((one) => one !== pointer)));
  }

  protected shown(value: unknown): string {
    return value === undefined ? PRESET_MOVE.none : JSON.stringify(value);
  }

  /** Refused where somebody changed the endpoint since it was shown. */
  protected async move(): Promise<void> {
    const { id, version } = this.endpoint();
    if (await this.outcome.of(this.api(endpointPresetMove, { id, 'if-match': `"${String(version)}"`, body: { take: [...this.chosen()] } }), PRESET_MOVE.moved)) this.changed.emit();
  }
}
