// `node bench/growth.mjs`: fills a database with many messages and measures what the console reads of them. Prints JSON lines.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { startPostgres } from '../scripts/embedded-postgres.mjs';
import { SERVER_ENTRY, variable } from '../scripts/project.mjs';
import { fill } from './fill.mjs';
import { sourceEndpoint, targetEndpoint } from './job.mjs';
import { ask, runStatement, SOURCE_PASSWORD, startProduct } from './product.mjs';

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '200000' }, // several numbers (comma): measured at each
    weeks: { type: 'string', default: '8' },
    times: { type: 'string', default: '15' },
    folder: { type: 'string', default: tmpdir() },
    entry: { type: 'string', default: SERVER_ENTRY },
  },
});
const steps = values.messages.split(',').map(Number);
const total = steps.at(-1);
const weeks = Number(values.weeks);
const print = (line) => console.log(JSON.stringify(line));

/** Reads that the console makes, on tickets and conversations that exist. `sample`: a row from the middle of what was filled. */
const readsOf = (sample) => ({
  'messages, first page': '/messages?limit=50',
  'messages, a page far back': `/messages?limit=50&to=${encodeURIComponent(sample.at)}`,
  'messages of a state that is common': '/messages?limit=50&state=ROUTED',
  'messages of a state that is rare': '/messages?limit=50&state=FAILED',
  'messages of a state that none has': '/messages?limit=50&state=DUPLICATE',
  'messages of an endpoint': '/messages?limit=50&endpoint=source',
  'messages of an endpoint that sent none': '/messages?limit=50&endpoint=target-2',
  'messages of an entity type': '/messages?limit=50&entityType=Issue',
  'messages by ticket id of the source': `/messages?limit=50&ticketId=${sample.source}`,
  'messages by ticket id of a target': `/messages?limit=50&ticketId=${sample.target}`,
  'messages by a ticket id that nobody has': '/messages?limit=50&ticketId=NONE-1',
  'a message': `/messages/${sample.message}`,
  'a conversation': `/conversations/${sample.conversation}`,
  'conversations by ticket id': `/conversations?ticketId=${sample.target}`,
  'deliveries, first page': '/deliveries?limit=50',
  'deliveries that died': '/deliveries?limit=50&status=DEAD',
  'deliveries that died, of an endpoint': '/deliveries?limit=50&status=DEAD&endpoint=target-1',
  'deliveries that were sent': '/deliveries?limit=50&status=SENT',
  'deliveries of a state that none has': '/deliveries?limit=50&status=CANCELLED',
  'deliveries to an endpoint that got none': '/deliveries?limit=50&endpoint=target-2',
  'service levels, three months': '/reports/service-levels',
  'values without a row': '/unmapped-values',
  'overview, a week': '/overview?hours=168',
});

async function measure(product, name, path, times) {
  const tookMs = [];
  let rows = null;
  for (let n = 0; n < times; n++) {
    const beganAt = performance.now();
    const answer = await ask(product, 'GET', path);
    tookMs.push(performance.now() - beganAt);
    rows = Array.isArray(answer.items) ? answer.items.length : null;
  }
  const [first] = tookMs;
  tookMs.sort((a, b) => a - b);
  const at = (part) => Number(tookMs[Math.min(tookMs.length - 1, Math.floor(tookMs.length * part))].toFixed(1));
  print({ read: name, firstMs: Number(first.toFixed(1)), p50Ms: at(0.5), p95Ms: at(0.95), rows });
}

/** Bytes by table, indexes and TOAST included, partitions added up. */
async function sizes(url) {
  return runStatement(url, `
    SELECT regexp_replace(c.relname, '_\\d{8}$|_default$', '') AS name, sum(pg_total_relation_size(c.oid))::float8 AS bytes, sum(pg_indexes_size(c.oid))::float8 AS index_bytes
    FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace GROUP BY 1 HAVING sum(pg_total_relation_size(c.oid)) > 1000000 ORDER BY 2 DESC`);
}

async function sampleOf(url, messages) {
  const client = new pg.Client({ connectionString: url, options: '-c role=parley_worker' });
  await client.connect();
  try {
    const { rows } = await client.query(
      `SELECT m.id AS message, m.conversation_id AS conversation, m.ticket_id AS source, t.ticket_id AS target, m.received_at AS at FROM message m JOIN ticket_link t ON t.conversation_id = m.conversation_id AND t.endpoint = 'target-1'
       WHERE m.endpoint = 'source' AND m.id < (SELECT id FROM message ORDER BY id OFFSET $1 LIMIT 1) AND t.ticket_id IS NOT NULL ORDER BY m.id DESC LIMIT 1`, [Math.floor(messages / 2)]);
    return { ...rows[0], at: rows[0].at.toISOString() };
  } finally {
    await client.end();
  }
}

/** Counts for the reports at once what the product counts little by little, a fiftieth of a core at most. */
async function countForReports(url, entry) {
  const { countReports } = await import(pathToFileURL(join(dirname(entry), 'store/report/count-reports.js')));
  const beganAt = performance.now();
  let slices = 0;
  for (let ran = false; !ran; await sleep(200)) ({ ran, slices } = await countReports(url, { nowMs: Date.now(), messageDays: 0, budgetMs: 3_600_000 })); // not while the product is at it
  print({ counted: 'reports', slices, seconds: Number(((performance.now() - beganAt) / 1_000).toFixed(1)) });
}

/** Fills up to this many messages, then tells sizes and measures the reads. */
async function growTo(product, from, to) {
  const beganAt = performance.now();
  await fill(product.databaseUrl, { messages: total, from, to, weeks, entry: values.entry, told: print });
  print({ filled: to, seconds: Math.round((performance.now() - beganAt) / 1_000) });
  for (const { name, bytes, index_bytes: indexBytes } of await sizes(product.databaseUrl)) print({ table: name, megabytes: Math.round(bytes / 1e6), bytesPerMessage: Math.round(bytes / to), indexBytesPerMessage: Math.round(indexBytes / to) });
  await countForReports(product.databaseUrl, values.entry);
  for (const [name, path] of Object.entries(readsOf(await sampleOf(product.databaseUrl, to)))) await measure(product, name, path, Number(values.times));
}

async function run() {
  const folder = mkdtempSync(join(values.folder, 'parley-growth-'));
  const given = variable('DATABASE_URL');
  const server = given === undefined ? await startPostgres({ dataDir: join(folder, 'stores'), isDurable: false }) : null;
  // The product ends with this process; PostgreSQL does not.
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void (server?.stop() ?? Promise.resolve()).finally(() => process.exit(130)));
  const product = await startProduct({ serverUrl: given ?? server.url, redisUrl: null, entry: values.entry, folder });
  try {
    await ask(product, 'PUT', '/config', { endpoints: [sourceEndpoint(SOURCE_PASSWORD), ...['target-1', 'target-2'].map((name) => targetEndpoint(name, 'http://127.0.0.1:9'))], rules: [] });
    for (const [at, to] of steps.entries()) await growTo(product, steps[at - 1] ?? 0, to);
  } finally {
    await product.stop();
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

await run();
