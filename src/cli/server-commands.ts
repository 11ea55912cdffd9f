import { settingsOfProcess } from '../config/environment.js';
import { migrate } from '../store/migrate.js';
import { waitForPostgres } from '../store/reach.js';
import { CommandRefused, type Command } from './command.js';

/** `parley serve`: the server itself, in this process. */
export const serve: Command['run'] = async () => {
  // Commands stand below the main module: they start it without knowing it.
  await import(new URL('../main.js', import.meta.url).href);
  return new Promise<number>(() => undefined); // it ends the process itself
};

/** `parley migrate`: brings the schema up to date and ends. */
export const migrateDatabase: Command['run'] = async (_parameters, terminal) => {
  const { databaseUrl } = settingsOfProcess();
  if (databaseUrl === undefined) throw new CommandRefused('DATABASE_URL is not set, and no embedded database is running');
  await waitForPostgres(databaseUrl);
  const run = await migrate(databaseUrl);
  for (const name of run) terminal.out(name);
  terminal.out(run.length === 0 ? 'the schema is up to date' : `${run.length} migrations were run`);
  return 0;
};
