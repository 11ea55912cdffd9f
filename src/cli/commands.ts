import { simulateCommand, testCommand } from './case-commands.js';
import { CommandRefused, type Command, type Terminal } from './command.js';
import { applyCommand, exportCommand, planCommand } from './configuration-commands.js';
import { settingsCommand } from './settings-command.js';
import { wsdlCommand } from './wsdl-command.js';

/** Commands that need the server's modules are loaded only when they are called: the others answer at once. */
const lazy = (described: Omit<Command, 'run'>, load: () => Promise<Command['run']>): Command => ({ ...described, run: async (parameters, terminal) => (await load())(parameters, terminal) });

/** Every command, as the help lists them. */
export const COMMANDS: readonly Command[] = [
  lazy({ name: 'serve', usage: '', summary: 'Starts the server in this process; needs DATABASE_URL.' }, async () => (await import('./server-commands.js')).serve),
  lazy({ name: 'migrate', usage: '', summary: 'Brings the database at DATABASE_URL to the newest schema.' }, async () => (await import('./server-commands.js')).migrateDatabase),
  simulateCommand, testCommand, exportCommand, planCommand, applyCommand, wsdlCommand,
  lazy({ name: 'doctor', usage: '', summary: 'Checks what a start needs and prints what is missing.' }, async () => (await import('./doctor-command.js')).doctor),
  lazy({ name: 'retention', usage: '[--dry-run]', summary: 'Drops the weeks of messages that are older than PARLEY_RETENTION_DAYS, or says what would be dropped.' }, async () => (await import('./retention-command.js')).retention),
  settingsCommand,
  lazy({ name: 'openapi', usage: '', summary: 'Prints the OpenAPI document.' }, async () => (await import('./open-api-command.js')).printOpenApi),
];

/** Runs the command that the words name; the exit code. */
export async function runCommand(words: readonly string[], terminal: Terminal): Promise<number> {
  const [name = 'help', ...parameters] = words;
  const command = COMMANDS.find((one) => one.name === name);
  const wantsHelp = ['help', '--help', '-h'].includes(name) || parameters.includes('--help');
  if (wantsHelp || command === undefined) {
    if (!wantsHelp) terminal.err(`parley: there is no command "${name}"`);
    for (const line of helpLines()) (wantsHelp ? terminal.out : terminal.err)(line);
    return wantsHelp ? 0 : 1;
  }
  try {
    return await command.run(parameters, terminal);
  } catch (error) {
    if (!(error instanceof CommandRefused)) throw error;
    terminal.err(`parley ${name}: ${error.message}`);
    return 1;
  }
}

function helpLines(): string[] {
  const left = COMMANDS.map(({ name, usage }) => `  parley ${name} ${usage}`.trimEnd());
  const width = Math.max(...left.map((one) => one.length));
  return ['Usage:', ...COMMANDS.map(({ summary }, at) => `${left[at]!.padEnd(width)}   ${summary}`)];
}
