import { CommandRefused, type Command, type Terminal } from './command.js';
import { readConfiguration, writeFolder, type Configuration } from './configuration-files.js';
import { askServer } from './server.js';

interface Plan {
  readonly changes: readonly {
    readonly kind: string; readonly id: string; readonly name: string; readonly action: 'create' | 'update' | 'none';
    readonly differences: readonly { readonly pointer: string; readonly before?: unknown; readonly after?: unknown }[];
  }[];
  readonly warnings: readonly { readonly pointer: string; readonly detail: string }[];
}

const SIGNS = { create: '+', update: '~', none: ' ' } as const;

/** `parley export`: the configuration of a server, as one document or as files. */
export const exportCommand: Command = {
  name: 'export', usage: '[folder]', summary: 'Prints the configuration of the server, or writes one file per endpoint and rule.',
  run: async ([folder, ...rest], terminal) => {
    if (rest.length > 0) throw new CommandRefused('export takes one folder at most');
    const configuration = (await askServer('GET', '/config')) as Configuration;
    if (folder === undefined) terminal.out(JSON.stringify(configuration, null, 2));
    else terminal.err(`${await writeFolder(folder, configuration)} files written below ${folder}`);
    return 0;
  },
};

/** `parley plan`: what applying would change. */
export const planCommand: Command = {
  name: 'plan', usage: '<file or folder> [--prune] [--override-tests "<reason>"]', summary: 'Tells what applying a configuration would change; nothing is done.',
  run: (parameters, terminal) => put(parameters, true, terminal),
};

/** `parley apply`: makes a server's configuration as the files say. */
export const applyCommand: Command = {
  name: 'apply', usage: '<file or folder> [--prune] [--override-tests "<reason>"]', summary: 'Applies a configuration to the server, whole or not at all; rules whose tests fail only with a reason.',
  run: (parameters, terminal) => put(parameters, false, terminal),
};

async function put(parameters: readonly string[], dryRun: boolean, terminal: Terminal): Promise<number> {
  const at = parameters.indexOf('--override-tests');
  const overrideTests = at === -1 ? undefined : (parameters[at + 1] ?? '');
  if (overrideTests?.trim() === '' || overrideTests?.startsWith('--') === true) throw new CommandRefused('--override-tests needs a reason, which is kept with the rules');
  const [path, ...rest] = parameters.filter((one, place) => one !== '--prune' && (at === -1 || (place !== at && place !== at + 1)));
  if (path === undefined || rest.length > 0) throw new CommandRefused(`${dryRun ? 'plan' : 'apply'} needs one file or folder`);
  const query = new URLSearchParams({ dryRun: String(dryRun), prune: String(parameters.includes('--prune')), ...(overrideTests === undefined ? {} : { overrideTests }) });
  print((await askServer('PUT', `/config?${query.toString()}`, await readConfiguration(path))) as Plan, dryRun, terminal);
  return 0;
}

function print({ changes, warnings }: Plan, dryRun: boolean, terminal: Terminal): void {
  for (const change of changes.filter((one) => one.action !== 'none')) {
    terminal.out(`${SIGNS[change.action]} ${change.kind} ${change.name}${change.name === change.id ? '' : ` (${change.id})`}`);
    for (const { pointer, before, after } of change.differences) terminal.out(`    ${pointer}: ${shown(before)} → ${shown(after)}`);
  }
  for (const { pointer, detail } of warnings) terminal.err(`warning: ${pointer}: ${detail}`);
  const count = (action: string): number => changes.filter((one) => one.action === action).length;
  terminal.out(`${count('create')} ${dryRun ? 'to create' : 'created'}, ${count('update')} ${dryRun ? 'to update' : 'updated'}, ${count('none')} unchanged`);
}

function shown(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}
