import { createHash } from 'node:crypto';

/** Rule id and version of every rule that takes part. */
export type RuleSetMembers = readonly (readonly [ruleId: string, version: number])[];

/** The id of a rule set: made of its members alone, whatever their order, so that every instance computes the same. */
export function ruleSetId(members: RuleSetMembers): string {
  const sorted = members.map(([ruleId, version]) => JSON.stringify([ruleId, version])).sort();
  return createHash('sha256').update(sorted.join('\n')).digest('hex').slice(0, 16);
}
