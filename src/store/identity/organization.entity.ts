import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One organization of this installation. */
@Entity('organization')
export class OrganizationRow {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  /** Its name in addresses: `/api/v1/o/{slug}/…`. */
  @Column({ type: 'text' })
  slug: string;

  @Column({ type: 'text' })
  name: string;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;
}
