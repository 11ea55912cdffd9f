import type pg from 'pg';

/** SQLSTATE of the guard that aborts a batch in which some lane is not ours any more. */
const DIVISION_BY_ZERO = '22012';

/** What part of a batch a statement refused: the whole of it was rolled back. */
export type Refusal = 'guard' | 'row' | 'unique' | 'elsewhere';

/** Whether an error is about the batch's content (then bisecting finds the culprit) or about the database. */
export function refusalOf(error: unknown): Refusal {
  const code = (error as { code?: unknown }).code;
  if (typeof code !== 'string') return 'elsewhere';
  if (code === DIVISION_BY_ZERO) return 'guard';
  if (code === '23505') return 'unique';
  // 54: a value that is too long for an index or a column of it.
  return ['22', '23', '54'].includes(code.slice(0, 2)) ? 'row' : 'elsewhere';
}

/** Whether two transactions waited for each other and this one was given up: the same again will do. */
export const isDeadlock = (error: unknown): boolean => ['40P01', '40001'].includes(String((error as { code?: unknown }).code));

/** Runs a named statement (planned once per connection) and returns its rows as arrays. */
export async function run<Row extends readonly unknown[]>(on: pg.Pool | pg.PoolClient, name: string, text: string, values: unknown[]): Promise<Row[]> {
  const result = await on.query<Row>({ name, text, values, rowMode: 'array' } as pg.QueryArrayConfig & { name: string });
  return result.rows;
}
