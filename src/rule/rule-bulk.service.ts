import { Injectable } from '@nestjs/common';
import type { Actor } from '../identity/index.js';
import type { OrganizationId } from '../store/organization.js';
import type { StoredRule } from '../store/rule/rule.store.js';
import { Problem, type ProblemError } from '../web/index.js';
import { below } from './check-rule.js';
import type { Reasons, RuleChange } from './rule-change.js';
import { RuleService, type Accept } from './rule.service.js';
import { testsFailed } from './testing/test-gate.js';

export const BULK_ACTIONS = ['enable', 'disable', 'delete'] as const;
export type BulkAction = (typeof BULK_ACTIONS)[number];

/** One act on several rules: on all of them or on none. */
export interface BulkAct extends Pick<Reasons, 'overrideTests'> {
  readonly action: BulkAction;
  readonly ruleIds: readonly string[];
}

/** Acts on several rules at once: in one transaction, so that the rules in use change from one set to the next. */
@Injectable()
export class RuleBulk {
  constructor(private readonly rules: RuleService) {}

  /** Answers the rules as they are afterwards (of deleted ones: as they were); what is wrong with any refuses all, with every reason. */
  act(organization: OrganizationId, actor: Actor, { action, ruleIds, overrideTests = null }: BulkAct): Promise<StoredRule[]> {
    return this.rules.change(organization, actor, async (change, accept) => {
      const known = await this.known(change, ruleIds);
      if (action === 'enable') await enableAll(change, known, accept, overrideTests);
      else for (const one of known) await (action === 'disable' ? change.setEnabled(one, false) : change.remove(one));
      if (action === 'delete') return known;
      const after: StoredRule[] = [];
      for (const { rule } of known) after.push(await change.existing(rule.ruleId));
      return after;
    });
  }

  /** The current versions of some rules, in the order in which they were asked for. */
  async pick(organization: OrganizationId, ruleIds: readonly string[]): Promise<StoredRule[]> {
    const byId = new Map((await this.rules.all(organization)).map((one) => [one.rule.ruleId, one]));
    return allOf(ruleIds, ruleIds.map((id) => byId.get(id) ?? null));
  }

  private async known(change: RuleChange, ruleIds: readonly string[]): Promise<StoredRule[]> {
    const found: (StoredRule | null)[] = [];
    for (const id of ruleIds) found.push(await change.store.find(id));
    return allOf(ruleIds, found);
  }
}

function allOf(ruleIds: readonly string[], found: readonly (StoredRule | null)[]): StoredRule[] {
  const missing = ruleIds.flatMap((id, at): ProblemError[] => (found[at] === null ? [{ pointer: `/ruleIds/${at}`, detail: `there is no rule "${id}"` }] : []));
  if (missing.length > 0) throw Problem.invalid(missing, 'Some of these rules do not exist; nothing was done.');
  return found.filter((one) => one !== null);
}

async function enableAll(change: RuleChange, rules: readonly StoredRule[], accept: Accept, overrideTests: string | null): Promise<void> {
  const wrong: ProblemError[] = [];
  const failing: ProblemError[] = [];
  for (const [at, one] of rules.entries()) {
    try {
      await accept(one.version.document);
      await change.setEnabled(one, true, { overrideTests });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      (error.code === 'rule-tests-failed' ? failing : wrong).push(...below(`/ruleIds/${at}`, error.errors));
    }
  }
  if (wrong.length > 0) throw Problem.invalid([...wrong, ...failing], 'Some of these rules cannot be used as they are; nothing was done.');
  if (failing.length > 0) throw testsFailed(failing);
}
