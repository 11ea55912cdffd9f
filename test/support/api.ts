import 'reflect-metadata';
import { randomBytes, randomUUID } from 'node:crypto';
import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { readSettings, type Settings } from '../../src/config/settings.js';
import { IdentityModule, InstallationKey, PERMISSIONS, type Permission } from '../../src/identity/index.js';
import { NetModule } from '../../src/net/index.js';
import { Database } from '../../src/store/database.js';
import { ApiKeyStore } from '../../src/store/identity/api-key.store.js';
import { OrganizationStore } from '../../src/store/identity/organization.store.js';
import { organizationId, type OrganizationId } from '../../src/store/organization.js';
import { StoreModule } from '../../src/store/store.module.js';
import { openLog, webAdapter, WebModule } from '../../src/web/index.js';
import { createDatabase } from './database.js';

/** An answer of the API. `body` is the parsed JSON, or the text where it is none. */
export interface ApiAnswer {
  readonly status: number;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test looks at what it expects
  readonly body: any;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** Someone with an API key of an organization. */
export interface ApiUser {
  readonly organization: OrganizationId;
  readonly slug: string;
  readonly key: string;
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<ApiAnswer>;
  send(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<ApiAnswer>;
}

/** The API over a database of its own, in this process, without a port. */
export interface Api {
  readonly app: NestFastifyApplication;
  readonly database: Database;
  readonly databaseUrl: string;
  readonly settings: Settings;
  /** Makes an organization and a key for it with these rights (default: all). */
  organization(slug: string, permissions?: readonly Permission[]): Promise<ApiUser>;
  /** Ends this process's application; the database stays for one that is opened `over` it. */
  stop(): Promise<void>;
  /** Ends the application, where that was not done, and removes the database that was made for it. */
  close(): Promise<void>;
}

class TestModule {}
Module({})(TestModule);

/** Opens the API with these modules besides store, web, net and identity. `over`: a database that another one made. */
export async function openApi(modules: readonly (Type | DynamicModule)[], options: { readonly over?: Api; readonly settings?: Partial<Settings> } = {}): Promise<Api> {
  const { over } = options;
  const made = over === undefined ? await createDatabase() : undefined;
  const databaseUrl = over?.databaseUrl ?? made!.url;
  const read = readSettings({});
  if ('problems' in read) throw new Error(read.problems.join('; '));
  const settings: Settings = { ...read.settings, databaseUrl, logLevel: 'error', ...options.settings };
  const database = await Database.open(databaseUrl, () => undefined);
  const imports = [StoreModule.with(settings, database), WebModule, NetModule, IdentityModule.with(new InstallationKey(Buffer.alloc(32, 7))), ...modules];
  const adapter = webAdapter(settings, openLog(settings.logLevel));
  const app = await NestFactory.create<NestFastifyApplication>({ module: TestModule, imports }, adapter, { bodyParser: false, logger: ['error'], abortOnError: false });
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopped ??= app.close());
  const api: Api = {
    app, database, databaseUrl, settings,
    organization: (slug, permissions = PERMISSIONS) => makeOrganization(app, database, slug, permissions),
    stop,
    close: async () => {
      await stop();
      await made?.drop();
    },
  };
  return api;
}

async function makeOrganization(app: NestFastifyApplication, database: Database, slug: string, permissions: readonly Permission[]): Promise<ApiUser> {
  const key = randomBytes(24).toString('hex');
  const { createHash } = await import('node:crypto');
  const hash = createHash('sha256').update(key).digest();
  const organization = await database.app.transaction(async (manager) => {
    const organizations = new OrganizationStore(manager);
    const id = (await organizations.bySlug(slug)) ?? organizationId(randomUUID());
    await organizations.enter(id);
    if ((await organizations.byId(id)) === null) await organizations.create({ id, slug, name: slug });
    await new ApiKeyStore(id, manager).create({ id: randomUUID(), name: `key-${key.slice(0, 6)}`, prefix: key.slice(0, 4), hash, permissions: [...permissions], createdBy: 'test', expiresAt: null });
    return id;
  });
  const call = async (method: string, path: string, body: unknown, headers: Readonly<Record<string, string>>): Promise<ApiAnswer> => {
    const answer = await app.getHttpAdapter().getInstance().inject({
      method: method as 'GET', url: path,
      headers: { authorization: `Bearer ${key}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return { status: answer.statusCode, body: parsed(answer.body), headers: answer.headers };
  };
  return { organization, slug, key, get: (path, headers = {}) => call('GET', path, undefined, headers), send: (method, path, body, headers = {}) => call(method, path, body, headers) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
