import { accessSync, constants, existsSync } from 'node:fs';
import { connect } from 'node:net';
import { resolve } from 'node:path';
import pg from 'pg';
import { settingsOfProcess } from '../config/environment.js';
import type { Settings } from '../config/settings.js';
import { ownerDataSource } from '../store/data-source.js';
import { waitForPostgres } from '../store/reach.js';
import { applyRetention } from '../store/retention/retention.js';
import type { Command } from './command.js';
import { linesOf } from './retention-command.js';

/** What a check found; `remedy` is what to do, line by line. */
interface Finding {
  readonly ok: boolean;
  readonly sentence: string;
  readonly remedy?: readonly string[];
}

const ROLES = ['parley_app', 'parley_worker', 'parley_gate'] as const;
const KNOCK_MS = 3_000;

/** `parley doctor`: what is missing for a start, and what to do about it. */
export const doctor: Command['run'] = async (_parameters, terminal) => {
  let settings: Settings;
  try {
    settings = settingsOfProcess();
  } catch (error) {
    terminal.out(`✗ ${(error as Error).message}`);
    return 1;
  }
  const findings = [node(), dataFolder(settings), encryption(settings), ...(await postgres(settings)), ...(await redis(settings))];
  for (const { ok, sentence, remedy = [] } of findings) {
    terminal.out(`${ok ? '✓' : '✗'} ${sentence}`);
    for (const line of remedy) terminal.out(`    ${line}`);
  }
  return findings.every((finding) => finding.ok) ? 0 : 1;
};

const node = (): Finding => ({ ok: Number(process.versions.node.split('.')[0]) >= 24, sentence: `Node ${process.versions.node}; Parley needs 24 or newer` });

function dataFolder({ dataDir }: Settings): Finding {
  const path = resolve(dataDir);
  if (!existsSync(path)) return { ok: true, sentence: `the data folder ${path} will be made` };
  try {
    accessSync(path, constants.W_OK);
    return { ok: true, sentence: `the data folder ${path} can be written` };
  } catch {
    return { ok: false, sentence: `the data folder ${path} cannot be written by this user` };
  }
}

function encryption({ encryptionKey, encryptionKeyFile, dataDir }: Settings): Finding {
  const isGiven = encryptionKey !== undefined || encryptionKeyFile !== undefined;
  return { ok: true, sentence: isGiven ? 'the encryption key is given' : `the encryption key is kept in ${resolve(dataDir, 'secret.key')}; back it up, and give several instances the same by PARLEY_ENCRYPTION_KEY` };
}

async function postgres(settings: Settings): Promise<Finding[]> {
  const { databaseUrl } = settings;
  if (databaseUrl === undefined) return [{ ok: true, sentence: 'DATABASE_URL is not set: `npm start` brings a PostgreSQL along' }];
  try {
    await waitForPostgres(databaseUrl, KNOCK_MS);
  } catch (error) {
    return [{ ok: false, sentence: (error as Error).message }];
  }
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return [{ ok: true, sentence: 'PostgreSQL answers and is new enough' }, await roles(client), await schema(databaseUrl), ...(await growth(databaseUrl, settings))];
  } finally {
    await client.end();
  }
}

/** The connecting role makes the three roles at the first start, if it may; else someone who may has to. */
async function roles(client: pg.Client): Promise<Finding> {
  const { rows } = await client.query<{ me: string; may: boolean; missing: string[] }>(
    `SELECT current_user AS me, (SELECT rolcreaterole OR rolsuper FROM pg_roles WHERE rolname = current_user) AS may,
       array(SELECT role FROM unnest($1::text[]) role WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) OR NOT pg_has_role(current_user, role, 'MEMBER')) AS missing`, [ROLES]);
  const { me, may, missing } = rows[0]!;
  if (missing.length === 0) return { ok: true, sentence: `the roles ${ROLES.join(', ')} exist and ${me} may become them` };
  if (may) return { ok: true, sentence: `${me} may make the roles ${missing.join(', ')} at the first start` };
  const quoted = `"${me.replaceAll('"', '""')}"`;
  return {
    ok: false, sentence: `the roles ${missing.join(', ')} are missing and ${me} may not make them: let an administrator of the database run`,
    remedy: missing.flatMap((role) => [
      `DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${role}') THEN CREATE ROLE ${role} NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE; END IF; END $$;`,
      `GRANT ${role} TO ${quoted};`,
    ]),
  };
}

async function schema(databaseUrl: string): Promise<Finding> {
  const source = await ownerDataSource(databaseUrl).initialize();
  try {
    const isBehind = await source.showMigrations();
    return { ok: true, sentence: isBehind ? 'the schema will be brought up to date at the next start' : 'the schema is up to date' };
  } finally {
    await source.destroy();
  }
}

/** Whether the store has room for the coming weeks, and what is older than it should be. Nothing on a database that was never started on. */
async function growth(databaseUrl: string, { retentionDays, retentionDeadDays }: Settings): Promise<Finding[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ made: boolean }>(`SELECT to_regclass('message_default') IS NOT NULL AS made`);
    if (!rows[0]!.made) return [];
  } finally {
    await client.end();
  }
  const run = await applyRetention(databaseUrl, { messageDays: retentionDays, deadDays: retentionDeadDays, nowMs: Date.now(), isDry: true });
  return [{ ok: run.weeksAhead >= 2 && run.strayRows === 0, sentence: linesOf(run, { isDry: true, days: retentionDays }).join('\n    ') }];
}

async function redis({ redisUrl }: Settings): Promise<Finding[]> {
  if (redisUrl === undefined) return [{ ok: true, sentence: 'REDIS_URL is not set: wake-ups go through PostgreSQL' }];
  const { hostname, port } = new URL(redisUrl);
  const answers = await new Promise<boolean>((done) => {
    const socket = connect({ host: hostname, port: Number(port || 6_379), timeout: KNOCK_MS });
    const end = (found: boolean): void => {
      socket.destroy();
      done(found);
    };
    socket.once('connect', () => end(true)).once('error', () => end(false)).once('timeout', () => end(false));
  });
  return [{ ok: answers, sentence: answers ? `Redis can be reached at ${hostname}` : `Redis cannot be reached at ${hostname}; Parley starts all the same, with wake-ups by its sweeper` }];
}
