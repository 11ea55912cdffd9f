import type { LoggerService } from '@nestjs/common';
import { pino, type Level, type Logger } from 'pino';

/** Whatever a line may carry by accident; values under these names never reach the log. */
const SECRET_PATHS = ['password', 'token', 'secret', 'authorization', 'cookie', 'apiKey', '*.password', '*.token', '*.secret', '*.authorization', '*.cookie', '*.apiKey'];

/** The process's log: JSON lines on stdout, flushed at exit. */
export const openLog = (level: string): Logger =>
  pino({ level, base: { pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (label) => ({ level: label }) }, redact: { paths: SECRET_PATHS, censor: '[secret]' } });

/** Nest's logger over pino. A message may be an object: its fields become the line's, `message` its text, `err` its error. */
export class NestLog implements LoggerService {
  constructor(private readonly log_: Logger) {}

  log(message: unknown, ...rest: unknown[]): void { this.write('info', message, rest); }
  error(message: unknown, ...rest: unknown[]): void { this.write('error', message, rest); }
  warn(message: unknown, ...rest: unknown[]): void { this.write('warn', message, rest); }
  debug(message: unknown, ...rest: unknown[]): void { this.write('debug', message, rest); }
  verbose(message: unknown, ...rest: unknown[]): void { this.write('debug', message, rest); }
  fatal(message: unknown, ...rest: unknown[]): void { this.write('fatal', message, rest); }

  private write(level: Level, message: unknown, rest: readonly unknown[]): void {
    const context = typeof rest.at(-1) === 'string' ? (rest.at(-1) as string) : undefined;
    // Nest tells of every route and module at start: of interest only when something is being looked for.
    const effective = level === 'info' && context !== undefined && NEST_CONTEXTS.has(context) ? 'debug' : level;
    const fields: Record<string, unknown> = context === undefined ? {} : { context };
    const stack = rest.slice(0, -1).find((one) => typeof one === 'string');
    if (stack !== undefined) fields['stack'] = stack;
    if (message instanceof Error) this.log_[effective]({ ...fields, err: message }, message.message);
    else if (typeof message === 'object' && message !== null) {
      const { message: text, ...own } = message as { message?: unknown };
      this.log_[effective]({ ...fields, ...own }, typeof text === 'string' ? text : undefined);
    } else this.log_[effective](fields, String(message));
  }
}

const NEST_CONTEXTS = new Set(['NestFactory', 'InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'NestApplication']);
