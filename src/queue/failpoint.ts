/**
 * Places where a test may end, break or stop this process: before and after each commit and each network call.
 * The chaos tests run through all of them.
 */
export const FAILPOINTS = [
  'ingest.before-commit', 'ingest.after-commit', 'ingest.before-answer',
  'normalize.before-claim', 'normalize.after-claim', 'normalize.before-commit', 'normalize.after-commit',
  'route.before-claim', 'route.after-claim', 'route.after-read', 'route.before-commit', 'route.after-commit',
  'deliver.before-claim', 'deliver.after-claim', 'deliver.before-call', 'deliver.after-call', 'deliver.before-commit', 'deliver.after-commit',
  'poll.before-claim', 'poll.after-claim', 'poll.after-fetch', 'poll.before-commit', 'poll.after-commit',
  'instance.before-register', 'instance.after-register', 'instance.before-heartbeat', 'instance.after-heartbeat',
  'wake-ups.before-add', 'wake-ups.after-add',
] as const;

export type Failpoint = (typeof FAILPOINTS)[number];

const ACTIONS = ['kill', 'throw', 'hang', 'crash', 'stop'] as const;

/** What is armed: at the `nth` passage (from 1) of the place, once; or at every passage with this subject, as something that is poison would. */
export interface Arming {
  readonly name: Failpoint;
  readonly action: (typeof ACTIONS)[number];
  readonly nth: number;
  readonly subject?: string;
}

/** Thrown at an armed place; neither a refusal of the database nor of a target. */
export class FailpointError extends Error {
  constructor(name: Failpoint) {
    super(`failpoint ${name}`);
  }
}

/** Reads `<name>:<kill|throw|hang|crash|stop>[:nth|:@subject]`; throws one sentence where it is something else. */
export function readArming(text: string): Arming {
  const [name, action, nth = '1'] = text.split(':');
  const known = FAILPOINTS.find((one) => one === name);
  const does = ACTIONS.find((one) => one === action);
  if (known === undefined || does === undefined || !/^(?:[1-9]\d*|@[\w-]+)$/.test(nth)) {
    throw new Error(`PARLEY_FAILPOINT must be <name>:<${ACTIONS.join('|')}>[:nth|:@subject], with one of these names: ${FAILPOINTS.join(', ')}`);
  }
  return nth.startsWith('@') ? { name: known, action: does, nth: 0, subject: nth.slice(1) } : { name: known, action: does, nth: Number(nth) };
}

let armed: Arming | undefined;
let passed = 0;

/** Arms one place of this process; nothing is armed without it. */
export function armFailpoint(text: string | undefined): void {
  armed = text === undefined ? undefined : readArming(text);
  passed = 0;
}

/** Passes a named place, with what it is about (an endpoint's id). To be awaited: an armed place may hang. */
export function failpoint(name: Failpoint, subject?: string): Promise<never> | undefined {
  if (armed?.name !== name) return undefined;
  const isHit = armed.subject === undefined ? ++passed === armed.nth : armed.subject === subject;
  return isHit ? act(armed) : undefined;
}

function act({ name, action }: Arming): Promise<never> | undefined {
  process.stderr.write(`failpoint ${name}: ${action}\n`);
  switch (action) {
    case 'kill':
      process.kill(process.pid, 'SIGKILL');
      // The signal may take a moment; nothing may happen in it.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
      return new Promise<never>(() => undefined);
    case 'throw':
      throw new FailpointError(name);
    case 'crash':
      // Where nobody catches it: as a fault in a callback of a library would.
      setImmediate(() => { throw new FailpointError(name); });
      return new Promise<never>(() => undefined);
    case 'stop':
      // Stands still until somebody sends SIGCONT, then goes on right here, before anything else is noticed.
      process.kill(process.pid, 'SIGSTOP');
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
      return undefined;
    case 'hang':
      return new Promise<never>(() => undefined);
  }
}
