import { CdkMenu, CdkMenuItemRadio, CdkMenuTrigger } from '@angular/cdk/menu';
import { ChangeDetectionStrategy, Component, computed, input, output } from '@angular/core';
import { Icon } from './icon';

export interface Choice {
  readonly value: string;
  readonly label: string;
}

/** A filter that takes one of several values, or any. */
@Component({
  selector: 'parley-choice-filter',
  imports: [CdkMenu, CdkMenuItemRadio, CdkMenuTrigger, Icon],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <button type="button" class="control" [class.is-set]="value() !== undefined" [cdkMenuTriggerFor]="menu">
      {{ label() }}@if (shown(); as word) {<strong>{{ word }}</strong>}<parley-icon name="down" [size]="13" />
    </button>
    <ng-template #menu>
      <div class="choices" cdkMenu [attr.aria-label]="label()">
        <button type="button" class="choice" cdkMenuItemRadio [cdkMenuItemChecked]="value() === undefined" (cdkMenuItemTriggered)="chosen.emit(undefined)">{{ anyLabel() }}</button>
        @for (choice of choices(); track choice.value) {
          <button type="button" class="choice" cdkMenuItemRadio [cdkMenuItemChecked]="value() === choice.value" (cdkMenuItemTriggered)="chosen.emit(choice.value)">{{ choice.label }}</button>
        }
      </div>
    </ng-template>
  `,
  styles: `strong { max-width: 160px; overflow: hidden; text-overflow: ellipsis; font-weight: 600; }`,
})
export class ChoiceFilter {
  readonly label = input.required<string>();
  readonly anyLabel = input('Any');
  readonly choices = input.required<readonly Choice[]>();
  readonly value = input<string>();
  readonly chosen = output<string | undefined>();
  protected readonly shown = computed(() => {
    const value = this.value();
    return value === undefined ? undefined : (this.choices().find((choice) => choice.value === value)?.label ?? value);
  });
}
