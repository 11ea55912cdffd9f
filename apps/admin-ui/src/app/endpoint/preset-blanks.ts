import { ChangeDetectionStrategy, Component, computed, input, output } from '@angular/core';
import type { FieldProblem } from '../http/field-problems';
import { FieldShell } from '../ui/field-shell';
import type { EndpointDraft } from './endpoint-draft';
import { type PresetBlank, blankText } from './preset-draft';

/** The few things of a known system that only its owner knows. */
@Component({
  selector: 'parley-preset-blanks',
  imports: [FieldShell],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @for (blank of shown(); track blank.pointer) {
      <parley-field [label]="blank.label" [for]="blank.id" [help]="blank.example ? 'Like ' + blank.example : undefined" [problems]="blank.problems">
        <input class="text-control" autocomplete="off" spellcheck="false" aria-required="true" [type]="blank.isSecret ? 'password' : 'text'" [id]="blank.id" [value]="blank.text" [attr.aria-invalid]="blank.problems.length > 0 || null" (input)="filled.emit({ pointer: blank.pointer, text: $any($event.target).value })" />
      </parley-field>
    }
  `,
  styles: `
    :host { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(300px, 100%), 1fr)); gap: 14px 20px; align-items: start; }
    input { width: 100%; }
  `,
})
export class PresetBlanks {
  readonly blanks = input.required<readonly PresetBlank[]>();
  readonly draft = input.required<EndpointDraft>();
  readonly problems = input<readonly FieldProblem[]>([]);
  readonly filled = output<{ readonly pointer: string; readonly text: string }>();
  protected readonly shown = computed(() => this.blanks().map((blank) => ({
    ...blank, id: blankIdOf(blank.pointer), text: blankText(this.draft(), blank.pointer), problems: this.problems().filter(({ pointer }) => pointer === blank.pointer).map(({ detail }) => detail),
  })));
}

export const blankIdOf = (pointer: string): string => `blank${pointer}`;
