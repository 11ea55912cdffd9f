import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A rule: its name and which of its versions is current. */
@Entity('rule')
export class RuleRow {
  @PrimaryColumn({ name: 'organization_id', type: 'uuid' })
  organizationId: string;

  @PrimaryColumn({ name: 'rule_id', type: 'text' })
  ruleId: string;

  @Column({ type: 'text' })
  name: string;

  /** The name as it compares; kept by the application, since SQL's `lower()` folds otherwise. */
  @Column({ name: 'name_folded', type: 'text' })
  nameFolded: string;

  @Column({ name: 'current_version', type: 'integer' })
  currentVersion: number;

  @Column({ name: 'last_version', type: 'integer' })
  lastVersion: number;

  @Column({ type: 'boolean' })
  enabled: boolean;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;

  @Column({ name: 'created_by', type: 'text', nullable: true })
  createdBy: string | null;

  @Column({ name: 'updated_at', type: 'timestamptz' })
  updatedAt: Date;

  @Column({ name: 'deleted_at', type: 'timestamptz', nullable: true })
  deletedAt: Date | null;
}
