import type pg from 'pg';
import type { OrganizationId } from '../organization.js';
import { run } from './statement.js';

const READ = `SELECT name, done FROM delivery_step WHERE delivery_id = $1::uuid AND organization_id = $2::uuid`;

/** What was done of a delivery of several steps, by name. */
export async function doneSteps(pool: pg.Pool, organization: OrganizationId, deliveryId: string): Promise<Readonly<Record<string, unknown>>> {
  return Object.fromEntries(await run<[string, unknown]>(pool, 'done-steps', READ, [deliveryId, organization]));
}

const KEEP = `INSERT INTO delivery_step (organization_id, delivery_id, name, done) VALUES ($1::uuid, $2::uuid, $3, $4::jsonb) ON CONFLICT (delivery_id, name) DO UPDATE SET done = excluded.done, done_at = now()`;

/** Keeps that a step was done; once this resolves it will not be done again. */
export async function keepStep(pool: pg.Pool, organization: OrganizationId, deliveryId: string, step: { readonly name: string; readonly done: unknown }): Promise<void> {
  // PostgreSQL's JSON holds no NUL.
  await run(pool, 'keep-step', KEEP, [organization, deliveryId, step.name, JSON.stringify(step.done).replaceAll('\\u0000', '')]);
}
