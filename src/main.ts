import 'reflect-metadata';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import { INBOUND_API } from './adapter/index.js';
import { AppModule } from './app.module.js';
import { settingsOfProcess } from './config/environment.js';
import type { Settings } from './config/settings.js';
import { KeyRefused, firstStart, openInstallationKey, tellFirstStart } from './identity/index.js';
import { Demo } from './sandbox/index.js';
import { Readiness } from './monitoring/index.js';
import { Database } from './store/database.js';
import { migrate } from './store/migrate.js';
import { StoreUnreachable, waitForPostgres } from './store/reach.js';
import { finishRequests, NestLog, openApiDocument, openLog, sayGoodbye, webAdapter } from './web/index.js';

/** How long requests and stages may take to end after a signal. */
const SHUTDOWN_MS = 20_000;
/** How long others may take to see that this process is not ready any more, before it takes no new connections. */
const NOTICE_MS = 1_000;
/** After this long, connections that are still open are cut: streams never end by themselves. */
const GRACE_MS = 5_000;

/** Whether another process started this one and would tell it when it goes. */
const hasParent = process.connected === true;

/** A start that cannot go on; the message is the one sentence that the operator reads. */
class Refusal extends Error {}

/** Starts the process; what cannot be started ends it with one sentence and code 1. */
async function start(): Promise<void> {
  try {
    const settings = readOrRefuse();
    await refuseTakenPort(settings);
    const log = openLog(settings.logLevel);
    endOnFault(log);
    const app = await open(settings, log);
    stopWithProcess(app, log);
    await listen(app, settings);
  } catch (error) {
    process.stderr.write(`${sentenceOf(error)}\n`);
    process.exit(1);
  }
}

function readOrRefuse(): Settings {
  try {
    return settingsOfProcess();
  } catch (error) {
    throw new Refusal((error as Error).message, { cause: error });
  }
}

/** Opens the stores, brings the schema up to date and makes the application, without listening. */
async function open(settings: Settings, log: Logger): Promise<NestFastifyApplication> {
  const url = settings.databaseUrl;
  if (url === undefined) throw new Refusal('DATABASE_URL is not set: `npm start` brings a PostgreSQL along, this process does not.');
  await waitForPostgres(url);
  const migrated = await migrate(url);
  if (migrated.length > 0) log.info({ migrations: migrated.length }, 'the database schema was brought up to date');
  const database = await Database.open(url, (error) => log.warn({ err: error }, 'a database connection broke'));
  const key = await openInstallationKey(settings, database);
  const made = await firstStart(database, settings);
  if (made !== null) process.stdout.write(tellFirstStart(made));
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.with({ settings, database, key }), webAdapter(settings, log), {
    bodyParser: false, logger: new NestLog(log), abortOnError: false,
  });
  describeApi(app);
  return app;
}

/** Made at the first request: it costs more than the rest of the start. */
function describeApi(app: NestFastifyApplication): void {
  let text: string | undefined;
  app.getHttpAdapter().getInstance().get('/api/openapi.json', { config: { public: true } }, (_request, reply) => {
    text ??= JSON.stringify(openApiDocument(app, [INBOUND_API]));
    return reply.header('content-type', 'application/json; charset=utf-8').send(text);
  });
}

async function listen(app: NestFastifyApplication, settings: Settings): Promise<void> {
  try {
    await app.listen(settings.port, settings.host);
  } catch (error) {
    await app.close(); // the stages have begun: what they claimed is given back
    throw refusalOfPort(error, settings);
  }
  const address = app.getHttpServer().address() as { readonly port: number };
  // The demo's tools are reached where the web is served.
  if (settings.role !== 'worker') await app.get(Demo).load(address.port);
  const host = ['0.0.0.0', '::'].includes(settings.host) ? 'localhost' : settings.host;
  process.stdout.write(`Parley is ready: ${settings.publicUrl ?? `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`}\n`);
}

/** Before anything is begun: two processes on one port would otherwise work on one database until the second gives up. */
async function refuseTakenPort(settings: Settings): Promise<void> {
  const probe = createServer();
  try {
    await new Promise<void>((resolve, reject) => probe.once('error', reject).listen(settings.port, settings.host, resolve));
  } catch (error) {
    throw refusalOfPort(error, settings);
  } finally {
    probe.close();
  }
}

function refusalOfPort(error: unknown, { port, host }: Settings): unknown {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EADDRINUSE': return new Refusal(`Port ${port} is taken by another program: stop it, or set PORT to another one.`, { cause: error });
    case 'EACCES': return new Refusal(`This user may not listen on port ${port}: set PORT to one above 1023.`, { cause: error });
    case 'EADDRNOTAVAIL': case 'ENOTFOUND': return new Refusal(`${host} is no address of this machine: correct HOST.`, { cause: error });
    default: return error;
  }
}

/** Not ready any more first, so that whoever shares out requests looks elsewhere; then no new connections, every request answered; then the stages, then the stores. */
async function leave(app: NestFastifyApplication): Promise<void> {
  const server = app.getHttpServer();
  app.get(Readiness).leave();
  sayGoodbye(server);
  if (server.listening) await sleep(NOTICE_MS);
  await finishRequests(server);
  await app.close();
}

/** Ends gracefully on a signal, or when the process that started this one goes away. A second signal ends at once. */
function stopWithProcess(app: NestFastifyApplication, log: Logger): void {
  let stopping = false;
  const stop = (why: string): void => {
    if (stopping) process.exit(130);
    stopping = true;
    log.info({ why }, 'stopping');
    setTimeout(() => {
      log.error('stopping took too long');
      process.exit(1);
    }, SHUTDOWN_MS).unref();
    setTimeout(() => app.getHttpServer().closeAllConnections(), GRACE_MS).unref();
    leave(app).then(() => process.exit(0), (error: unknown) => {
      log.error({ err: error }, 'stopping failed');
      process.exit(1);
    });
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop(signal));
  process.on('disconnect', () => stop('disconnect'));
  if (hasParent && !process.connected) stop('disconnect'); // it went while this one was starting
}

/**
 * A fault that nothing caught may have left work half done that only the end of this process gives to others: it is told, and the process ends at once.
 * Whoever started it starts it again; a ticket that causes it each time is found and held.
 */
function endOnFault(log: Logger): void {
  process.on('uncaughtException', (error, origin) => {
    log.fatal({ event: 'process.fault', origin, err: error }, 'a fault that nothing caught ends the process; its work is taken up by the others, or by the next one. Please report it with this line.');
    process.exit(1);
  });
}

/** The sentence for whatever ended the start. What is not foreseen shows its stack: it is a fault of ours. */
function sentenceOf(error: unknown): string {
  if (error instanceof Refusal || error instanceof KeyRefused || error instanceof StoreUnreachable) return error.message;
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  if (code === 'ENOSPC' || code === '53100') return 'There is no space left on the disk; Parley cannot start.';
  if (code === 'EACCES') return `${(error as Error).message}: Parley may not do this; check the rights of the data folder.`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

await start();
