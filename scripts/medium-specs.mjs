// Which specs of test/medium run on which PostgreSQL. All of them run on the embedded one.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './project.mjs';

/**
 * Specs that are not run once more on another PostgreSQL, since its version cannot change what they show. The rule: a spec stands here
 * if it opens none of the run's databases, or if it lets whole messages go between stand-ins of two systems, asks the database nothing by itself, and
 * causes no statement but those of the pipeline, for which `broker-*`, `pipeline-*` and `feed-*` run on both. A spec that is not named runs on both.
 */
export const ON_ONE_POSTGRES = [
  // open none of the run's databases
  'conformance', 'conformance-preset', 'embedded-postgres', 'folder-lock', 'mail-in', 'mail-inlet', 'mail-out', 'redis', 'tcp-proxy',
  // stand-ins of two systems
  'preset-glpi-znuny', 'template-request-tracker', 'template-servicenow-jira', 'template-servicenow-servicenow', 'template-zendesk-jira', 'traces',
];

/** Paths of the specs whose outcome may depend on PostgreSQL's version. */
export function specsForEveryPostgres() {
  return readdirSync(join(ROOT, 'test/medium')).filter((name) => name.endsWith('.spec.ts') && !ON_ONE_POSTGRES.includes(name.replace('.spec.ts', ''))).sort().map((name) => `test/medium/${name}`);
}
