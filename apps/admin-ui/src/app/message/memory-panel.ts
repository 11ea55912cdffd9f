import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { messageMemory } from '../api/functions';
import { apiResource } from '../http/api-resource';
import { latestOf } from '../http/latest';
import { failureOf } from '../http/screen-status';
import { RulePlace } from '../system/rule-place';
import { memoryRows } from './memory-rows';
import { MESSAGE } from './message.text';

/** What the conversation remembered before a message, and what it was after it. */
@Component({
  selector: 'parley-message-memory',
  imports: [RouterLink, RulePlace],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (memory()) {
      @if (rows().length > 0) {
        <table>
          <thead><tr><th scope="col">{{ text.memoryColumns.name }}</th><th scope="col">{{ text.memoryColumns.before }}</th><th scope="col">{{ text.memoryColumns.after }}</th></tr></thead>
          <tbody>
            @for (row of rows(); track row.kind + row.name) {
              <tr [class.changed]="row.isChanged">
                <th scope="row" class="fixed">{{ row.name }}@for (change of row.changes; track change.id) {<a class="by" [routerLink]="change.ruleId | rulePlace" [queryParams]="{ version: change.ruleVersion }">{{ change.rule ?? change.ruleId }}</a>}</th>
                <td>{{ row.before }}</td><td>{{ row.isChanged ? row.after : text.unchanged }}</td>
              </tr>
            }
          </tbody>
        </table>
      } @else {<p class="faint">{{ text.noMemory }}</p>}
    } @else if (failure(); as reason) {<p class="bad" role="alert">{{ reason }}</p>}
    @else {<p class="faint" role="status">{{ text.loading }}</p>}
  `,
  styles: `
    :host { display: block; font-size: 0.8125rem; }
    table { width: 100%; border-collapse: collapse; table-layout: fixed; }
    th, td { padding: 6px 10px 6px 0; border-bottom: 1px solid var(--line); text-align: start; vertical-align: top; overflow-wrap: anywhere; color: var(--text-faint); }
    tr:last-child > * { border-bottom: 0; }
    thead th { font-size: 0.75rem; font-weight: 550; }
    tbody th { font-weight: 500; font-size: 0.75rem; line-height: 1.5; }
    .changed { th, td { color: var(--text); } td:nth-child(2) { color: var(--text-soft); } td:nth-child(3) { font-weight: 600; } }
    .by { display: block; min-height: 24px; font-family: var(--font-text); }
    .bad { color: var(--bad); }
  `,
})
export class MemoryPanel {
  readonly messageId = input.required<string>();
  private readonly read = apiResource(messageMemory, () => ({ id: this.messageId() }));
  protected readonly text = MESSAGE;
  protected readonly memory = latestOf(this.read, this.messageId);
  protected readonly failure = failureOf(this.read);
  protected readonly rows = computed(() => { const memory = this.memory(); return memory === undefined ? [] : memoryRows(memory); });
}
