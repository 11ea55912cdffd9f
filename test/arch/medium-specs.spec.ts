import { describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ON_ONE_POSTGRES, specsForEveryPostgres } from '../../scripts/medium-specs.mjs';

const MEDIUM = join(import.meta.dirname, '../medium');
/** What only a spec that asks the run's database something by itself says. */
const ASKS = /\.rows[(<]|\.(inOrganization|asWorker)\(|\b(worker|gate|app)\.query\b|createDatabase/;

describe('specs that run on one PostgreSQL only', () => {
  it.each(ON_ONE_POSTGRES)('%s exists and asks the database nothing by itself', (name) => {
    expect(existsSync(join(MEDIUM, `${name}.spec.ts`))).toBe(true);
    expect(ASKS.exec(readFileSync(join(MEDIUM, `${name}.spec.ts`), 'utf8'))?.[0]).toBeUndefined();
  });

  it('are the only ones that are left out on another', () => {
    const others = specsForEveryPostgres();
    expect(others).toContain('test/medium/pipeline-commit.spec.ts');
    expect(others.filter((path) => ON_ONE_POSTGRES.some((name) => path.endsWith(`/${name}.spec.ts`)))).toEqual([]);
    expect(others.every((path) => existsSync(join(MEDIUM, '../..', path)))).toBe(true);
  });
});
