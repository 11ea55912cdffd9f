import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { Explanation } from '../api/models';
import { RulePlace } from '../system/rule-place';
import { Icon } from '../ui/icon';
import { conditionInWords, expectedInWords } from '../ui/operator-words';
import { StateChip } from '../ui/state-chip';

type Fate = Explanation['rules'][number]['fate'];

const FATES: Readonly<Record<Fate, { readonly state: string; readonly label: string }>> = {
  executed: { state: 'ROUTED', label: 'Executed' },
  delayed: { state: 'DELAYED', label: 'Waits' },
  failed: { state: 'FAILED', label: 'Failed' },
  dropped: { state: 'DROPPED', label: 'Drops' },
  overruled: { state: 'SKIPPED', label: 'Overruled' },
  missed: { state: 'FILTERED', label: 'Missed' },
};

/** Every rule of the message's endpoint and entity type with each of its conditions, as they were then. */
@Component({
  selector: 'parley-explanation',
  imports: [Icon, RouterLink, RulePlace, StateChip],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (!explanation().isFaithful) {<p class="notice">What the rules saw then cannot be had in full any more; this is as near as it gets.</p>}
    <ul>
      @for (rule of explanation().rules; track rule.ruleId) {
        <li>
          <div class="head">
            <a [routerLink]="rule.ruleId | rulePlace" [queryParams]="{ version: rule.ruleVersion }">{{ rule.rule }}</a><span class="faint">v{{ rule.ruleVersion }}</span>
            <span class="gap"></span><parley-state [state]="fates[rule.fate].state" [label]="fates[rule.fate].label" [quiet]="rule.fate === 'missed'" />
          </div>
          @if (reasonOf(rule); as reason) {<p class="soft">{{ reason }}</p>}
          @if (rule.conditions.length > 0) {
            <table>
              <colgroup><col class="sign" /><col /><col class="value" /><col class="value" /></colgroup>
              <thead class="unseen"><tr><th scope="col">Holds</th><th scope="col">Condition</th><th scope="col">Expected</th><th scope="col">Was</th></tr></thead>
              <tbody>
                @for (condition of rule.conditions; track $index) {
                  <tr [class.not]="!condition.holds">
                    <td class="sign"><parley-icon [name]="condition.holds ? 'check' : 'close'" [size]="14" /><span class="unseen">{{ condition.holds ? 'holds' : 'does not hold' }}</span></td>
                    <td class="fixed">{{ inWords(condition.condition) }}@if (condition.on === 'conversation') {<span class="tag">conversation</span>}</td>
                    <td class="fixed soft">{{ expected(condition.condition, condition.expected) }}</td>
                    <td class="fixed was">{{ condition.actual === null ? 'absent' : condition.actual === '' ? 'blank' : condition.actual }}</td>
                  </tr>
                }
              </tbody>
            </table>
          }
        </li>
      }
    </ul>
  `,
  styles: `
    :host { display: block; margin-top: 16px; padding-top: 4px; border-top: 1px solid var(--line); font-size: 0.8125rem; }
    li { padding: 10px 0; }
    li + li { border-top: 1px solid var(--line); }
    .head { display: flex; align-items: center; gap: 7px; font-weight: 550; }
    .gap { flex: 1; }
    .notice { margin-top: 12px; color: var(--wait); }
    table { width: 100%; margin-top: 4px; border-collapse: collapse; table-layout: fixed; font-size: 0.75rem; }
    td { padding: 2px 10px 2px 0; vertical-align: top; overflow-wrap: anywhere; }
    col.sign { width: 24px; }
    .value { width: 25%; }
    td.sign { color: var(--good-mark); }
    .not .sign, .not .was { color: var(--bad); }
    .tag { margin-inline-start: 6px; height: 17px; font-family: var(--font-text); font-size: 0.6875rem; }
  `,
})
export class ExplanationPanel {
  readonly explanation = input.required<Explanation>();
  protected readonly fates = FATES;
  protected readonly inWords = conditionInWords;
  protected readonly expected = expectedInWords;

  /** The reason, unless the conditions below say the same. */
  protected reasonOf({ reason, conditions }: Explanation['rules'][number]): string | null {
    return reason === null || conditions.some((condition) => condition.condition === reason) ? null : reason;
  }
}
