import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A signed-in browser. */
@Entity('person_session')
export class PersonSessionRow {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ name: 'person_id', type: 'uuid' })
  personId: string;

  /** SHA-256 of the cookie's value. */
  @Column({ name: 'token_hash', type: 'bytea' })
  tokenHash: Buffer;

  @Column({ name: 'active_organization_id', type: 'uuid', nullable: true })
  activeOrganizationId: string | null;

  /** The only organization that it is good in; null: all of the person's. */
  @Column({ name: 'bound_organization_id', type: 'uuid', nullable: true })
  boundOrganizationId: string | null;

  /** The sign-in provider that vouched for the person; null: a password did. */
  @Column({ name: 'provider_id', type: 'uuid', nullable: true })
  providerId: string | null;

  @Column({ type: 'text' })
  address: string;

  @Column({ name: 'user_agent', type: 'text' })
  userAgent: string;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;

  @Column({ name: 'last_seen_at', type: 'timestamptz' })
  lastSeenAt: Date;

  @Column({ name: 'expires_at', type: 'timestamptz' })
  expiresAt: Date;
}
