import 'reflect-metadata';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { INBOUND_API } from '../adapter/index.js';
import { readSettings, type Settings } from '../config/settings.js';
import { InstallationKey } from '../identity/index.js';
import { Database } from '../store/database.js';
import { openApiDocument, openLog, webAdapter } from '../web/index.js';
import type { Command } from './command.js';

interface ApplicationModule {
  readonly AppModule: { with(foundation: { readonly settings: Settings; readonly database: Database; readonly key: InstallationKey }): DynamicModule };
}

/** `parley openapi`: the description of the API, without any store. */
export const printOpenApi: Command['run'] = async (_parameters, terminal) => {
  const read = readSettings({});
  if ('problems' in read) throw new Error(read.problems.join('; '));
  // Commands stand below the application: it is loaded by its place.
  const { AppModule } = (await import(new URL('../app.module.js', import.meta.url).href)) as ApplicationModule;
  // In a preview nothing is made of the modules but their list of routes: no store is asked for anything.
  const database = Object.create(Database.prototype) as Database;
  const module = AppModule.with({ settings: read.settings, database, key: new InstallationKey(new Uint8Array(32)) });
  const app = await NestFactory.create<NestFastifyApplication>(module, webAdapter(read.settings, openLog('error')), { preview: true, logger: false, bodyParser: false, abortOnError: false });
  terminal.out(JSON.stringify(openApiDocument(app, [INBOUND_API]), null, 2));
  return 0;
};
