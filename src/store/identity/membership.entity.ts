import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A person's role in an organization. */
@Entity('membership')
export class MembershipRow {
  @PrimaryColumn({ name: 'organization_id', type: 'uuid' })
  organizationId: string;

  @PrimaryColumn({ name: 'person_id', type: 'uuid' })
  personId: string;

  @Column({ type: 'text' })
  role: string;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;
}
