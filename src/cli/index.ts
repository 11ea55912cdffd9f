export { COMMANDS, runCommand } from './commands.js';
export type { Command, Terminal } from './command.js';
