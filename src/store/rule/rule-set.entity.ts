import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The versions that took part together at some time; traces name it. */
@Entity('rule_set')
export class RuleSetRow {
  @PrimaryColumn({ name: 'organization_id', type: 'uuid' })
  organizationId: string;

  /** Made of the members: the same versions have the same id, whoever computes it. */
  @PrimaryColumn({ type: 'text' })
  id: string;

  /** Pairs of rule id and version, in order of rule id. */
  @Column({ type: 'json' })
  members: readonly (readonly [ruleId: string, version: number])[];
}
