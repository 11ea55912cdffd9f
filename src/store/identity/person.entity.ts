import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Someone who may sign in; a member of organizations through `membership`. */
@Entity('person')
export class PersonRow {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'text' })
  email: string;

  /** The address as it is compared: lower case. */
  @Column({ name: 'email_folded', type: 'text' })
  emailFolded: string;

  @Column({ type: 'text' })
  name: string;

  @Column({ name: 'password_hash', type: 'text' })
  passwordHash: string;

  @Column({ name: 'password_changed_at', type: 'timestamptz' })
  passwordChangedAt: Date;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;
}
