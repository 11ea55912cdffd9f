import { VARIABLES } from '../config/settings.js';
import type { Command } from './command.js';

/** `parley settings`: the table of the documentation. */
export const settingsCommand: Command = {
  name: 'settings', usage: '', summary: 'Prints every variable that Parley reads, as a Markdown table.',
  run: (_parameters, terminal) => {
    terminal.out('| variable | default | meaning |');
    terminal.out('| --- | --- | --- |');
    for (const { name, defaultText, description } of Object.values(VARIABLES)) terminal.out(`| \`${name}\` | ${defaultText === '' ? '' : wrapped(defaultText)} | ${description.replaceAll('|', '\\|')} |`);
    return Promise.resolve(0);
  },
};

/** A value stands as code, a sentence as it is. */
const wrapped = (text: string): string => (text.includes(' ') ? text : `\`${text}\``);
