import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A connected system as it was configured. */
@Entity('endpoint')
export class EndpointRow {
  @PrimaryColumn({ name: 'organization_id', type: 'uuid' })
  organizationId: string;

  @PrimaryColumn({ type: 'text' })
  id: string;

  @Column({ type: 'text' })
  name: string;

  @Column({ type: 'text' })
  adapter: string;

  @Column({ type: 'text' })
  status: 'ACTIVE' | 'SUSPENDED';

  /** Without secrets. */
  @Column({ type: 'json' })
  settings: Readonly<Record<string, unknown>>;

  /** Sealed JSON of the secrets in the settings. */
  @Column({ type: 'bytea', nullable: true })
  secrets: Buffer | null;

  @Column({ name: 'entity_types', type: 'json' })
  entityTypes: readonly unknown[];

  /** When nothing is sent to it: windows as its document says them. */
  @Column({ type: 'json' })
  maintenance: readonly unknown[];

  /** The preset that it was made from, and what that said in this version; null where it was made by hand, or that is not known. */
  @Column({ type: 'json', nullable: true })
  preset: { readonly id: string; readonly version: number; readonly base: { readonly settings: Readonly<Record<string, unknown>>; readonly entityTypes: readonly unknown[] } | null } | null;

  @Column({ type: 'integer' })
  version: number;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;

  @Column({ name: 'created_by', type: 'text', nullable: true })
  createdBy: string | null;

  @Column({ name: 'updated_at', type: 'timestamptz' })
  updatedAt: Date;

  @Column({ name: 'updated_by', type: 'text', nullable: true })
  updatedBy: string | null;
}
