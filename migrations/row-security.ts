/** What a role may do with a table that holds an organization's rows. */
export interface Access {
  /** Granted to `parley_app`, whose rows are those of the transaction's organization. */
  readonly app?: string;
  /** Granted to `parley_worker`, which names the organization in every statement. */
  readonly worker?: string;
}

const EVERYTHING = 'SELECT, INSERT, UPDATE, DELETE';

/** The organization of the transaction; null (no rows) where none is set. A leftover '' of an earlier transaction counts as none. */
const ORGANIZATION = `nullif(current_setting('parley.organization', true), '')::uuid`;

/** Statements that force row-level security on a table with `organization_id`, its policies and its grants. */
export function organizationRows(table: string, access: Access = {}): string[] {
  const app = access.app ?? EVERYTHING;
  const worker = access.worker ?? EVERYTHING;
  return [
    `ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY`,
    `ALTER TABLE ${table} FORCE ROW LEVEL SECURITY`,
    `CREATE POLICY organization ON ${table} TO parley_app USING (organization_id = ${ORGANIZATION}) WITH CHECK (organization_id = ${ORGANIZATION})`,
    `CREATE POLICY pipeline ON ${table} TO parley_worker USING (true) WITH CHECK (true)`,
    ...(app === '' ? [] : [`GRANT ${app} ON ${table} TO parley_app`]),
    ...(worker === '' ? [] : [`GRANT ${worker} ON ${table} TO parley_worker`]),
  ];
}

/** Grants on a table without organization rows (the exempt list in architecture: installation, instances, organizations, persons). */
export function instanceRows(table: string, access: Access = {}): string[] {
  return [
    `GRANT ${access.app ?? EVERYTHING} ON ${table} TO parley_app`,
    `GRANT ${access.worker ?? EVERYTHING} ON ${table} TO parley_worker`,
  ];
}
