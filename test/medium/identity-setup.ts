import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { readSettings, type Settings } from '../../src/config/settings.js';
import { IdentityModule, InstallationKey, firstStart } from '../../src/identity/index.js';
import { NetModule } from '../../src/net/index.js';
import { Database } from '../../src/store/database.js';
import { StoreModule } from '../../src/store/store.module.js';
import { NestLog, WebModule, openLog, webAdapter } from '../../src/web/index.js';
import { createDatabase } from '../support/database.js';

export const ADMIN = { email: 'admin@parley.local', password: 'correct horse battery' } as const;
export const BOOTSTRAP_KEY = 'a-key-that-somebody-gave-to-the-first-start';

/** An answer with its body read. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | number | undefined>>;
  readonly body: Readonly<Record<string, unknown>>;
  readonly text: string;
}

export interface Call {
  readonly body?: unknown;
  readonly payload?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookie?: string;
  readonly key?: string;
  readonly from?: string;
}

export interface Running {
  readonly url: string;
  readonly settings: Settings;
  readonly database: Database;
  readonly app: NestFastifyApplication;
  call(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, given?: Call): Promise<Answer>;
  /** Signs in and answers the cookie. */
  signIn(email?: string, password?: string): Promise<string>;
  stop(): Promise<void>;
}

@Module({})
class TestModule {}

/** Identity and web on a database of their own, without listening; with these modules besides. */
export async function startIdentity(environment: Readonly<Record<string, string>> = {}, modules: readonly Type[] = []): Promise<Running> {
  const own = await createDatabase();
  const read = readSettings({ DATABASE_URL: own.url, PARLEY_ADMIN_PASSWORD: ADMIN.password, PARLEY_BOOTSTRAP_API_KEY: BOOTSTRAP_KEY, PARLEY_LOG_LEVEL: 'error', ...environment });
  if ('problems' in read) throw new Error(read.problems.join('; '));
  const { settings } = read;
  const database = await Database.open(own.url, () => {});
  await firstStart(database, settings);
  const log = openLog(settings.logLevel);
  const app = await NestFactory.create<NestFastifyApplication>(
    { module: TestModule, imports: [StoreModule.with(settings, database), WebModule, NetModule, IdentityModule.with(new InstallationKey(randomBytes(32))), ...modules] },
    webAdapter(settings, log), { bodyParser: false, logger: new NestLog(log), abortOnError: false });
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  const call: Running['call'] = async (method, path, { body, payload, headers = {}, cookie, key, from } = {}) => {
    const answer = await app.inject({
      method, url: path, remoteAddress: from ?? '192.0.2.1',
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers,
        ...(cookie === undefined ? {} : { cookie }), ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      },
      ...(body === undefined ? (payload === undefined ? {} : { payload }) : { payload: JSON.stringify(body) }),
    });
    const isJson = /^application\/(?:[\w.-]+\+)?json/.test(String(answer.headers['content-type'] ?? ''));
    return { status: answer.statusCode, headers: answer.headers, body: isJson ? answer.json<Record<string, unknown>>() : {}, text: answer.payload };
  };
  return {
    url: own.url, settings, database, app, call,
    signIn: async (email = ADMIN.email, password = ADMIN.password) => {
      const answer = await call('POST', '/api/v1/session', { body: { email, password } });
      if (answer.status !== 201) throw new Error(`Signing in as ${email} was answered ${answer.status}: ${answer.text}`);
      return cookieOf(answer);
    },
    stop: async () => {
      await app.close();
      await own.drop();
    },
  };
}

export const cookieOf = (answer: Answer): string => String(answer.headers['set-cookie']).split(';', 1)[0]!;
