import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One version of a rule; apart from when it was made current it never changes. */
@Entity('rule_version')
export class RuleVersionRow {
  @PrimaryColumn({ name: 'organization_id', type: 'uuid' })
  organizationId: string;

  @PrimaryColumn({ name: 'rule_id', type: 'text' })
  ruleId: string;

  @PrimaryColumn({ type: 'integer' })
  version: number;

  /** The rule document without what the other columns tell. */
  @Column({ type: 'json' })
  document: Readonly<Record<string, unknown>>;

  @Column({ name: 'change_description', type: 'text' })
  changeDescription: string;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;

  @Column({ name: 'created_by', type: 'text', nullable: true })
  createdBy: string | null;

  @Column({ name: 'activated_at', type: 'timestamptz', nullable: true })
  activatedAt: Date | null;

  @Column({ name: 'activated_by', type: 'text', nullable: true })
  activatedBy: string | null;
}
