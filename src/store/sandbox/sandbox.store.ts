import type { EntityManager } from 'typeorm';
import type pg from 'pg';
import { organizationId, type OrganizationId } from '../organization.js';
import type { SandboxContent, SandboxRow } from './sandbox-row.js';

const COLUMNS = `organization_id AS organization, name, title, prefix, token_hash AS "tokenHash", webhook_url AS "webhookUrl",
  webhook_secret AS "webhookSecret", options, faults, fault_budget AS "faultBudget", created_at AS "createdAt"`;

/** The sandbox tools of one organization, in one transaction. */
export class SandboxStore {
  constructor(private readonly organization: OrganizationId, private readonly manager: EntityManager) {}

  all(): Promise<SandboxRow[]> {
    return this.manager.query(`SELECT ${COLUMNS} FROM sandbox WHERE organization_id = $1 ORDER BY name`, [this.organization]);
  }

  async find(name: string): Promise<SandboxRow | null> {
    const rows = await this.manager.query<SandboxRow[]>(`SELECT ${COLUMNS} FROM sandbox WHERE organization_id = $1 AND name = $2`, [this.organization, name]);
    return rows[0] ?? null;
  }

  /** False where the name is taken, by whichever organization. */
  async create(name: string, content: SandboxContent): Promise<boolean> {
    const rows = await this.manager.query<unknown[]>(
      `INSERT INTO sandbox (organization_id, name, title, prefix, token_hash, webhook_url, webhook_secret, options, faults, fault_budget)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (name) DO NOTHING RETURNING name`,
      [this.organization, name, content.title, content.prefix, content.tokenHash, content.webhookUrl, content.webhookSecret, JSON.stringify(content.options), JSON.stringify(content.faults), content.faultBudget]);
    return rows.length > 0;
  }

  async update(name: string, content: SandboxContent): Promise<void> {
    await this.manager.query(
      `UPDATE sandbox SET title = $3, prefix = $4, token_hash = $5, webhook_url = $6, webhook_secret = $7, options = $8, faults = $9, fault_budget = $10
       WHERE organization_id = $1 AND name = $2`,
      [this.organization, name, content.title, content.prefix, content.tokenHash, content.webhookUrl, content.webhookSecret, JSON.stringify(content.options), JSON.stringify(content.faults), content.faultBudget]);
  }

  /** Takes one faulty request off the budget; false where none is left. Waits for nobody: a fault more or less does not matter. */
  async spendFault(name: string): Promise<boolean> {
    const [rows] = await this.manager.query<[unknown[], number]>(
      `UPDATE sandbox SET fault_budget = fault_budget - 1 WHERE organization_id = $1 AND name = $2 AND fault_budget > 0 RETURNING name`, [this.organization, name]);
    return rows.length > 0;
  }

  /** With all its tickets. */
  async remove(name: string): Promise<boolean> {
    const [rows] = await this.manager.query<[unknown[], number]>(`DELETE FROM sandbox WHERE organization_id = $1 AND name = $2 RETURNING name`, [this.organization, name]);
    return rows.length > 0;
  }
}

/** The tool at an address: names are the installation's, so the organization is what is looked for. */
export async function findSandboxByName(worker: pg.Pool, name: string): Promise<SandboxRow | null> {
  const { rows } = await worker.query<SandboxRow>({ name: 'sandbox-by-name', text: `SELECT ${COLUMNS} FROM sandbox WHERE name = $1`, values: [name] });
  const [row] = rows;
  return row === undefined ? null : { ...row, organization: organizationId(row.organization) };
}

/** Names of all tools of the installation. */
export async function listSandboxNames(worker: pg.Pool): Promise<string[]> {
  const { rows } = await worker.query<{ readonly name: string }>({ name: 'sandbox-names', text: 'SELECT name FROM sandbox' });
  return rows.map((row) => row.name);
}
