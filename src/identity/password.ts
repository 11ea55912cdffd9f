import { argon2, randomBytes, timingSafeEqual, type Argon2Parameters } from 'node:crypto';

/** OWASP's minimum for argon2id; about 35 ms of one core. */
const COST = { memory: 19_456, passes: 2, parallelism: 1 } as const;
const TAG_BYTES = 32;
/** Of the four threads of libuv's pool at most two hash: sign-ins must not hold up files and DNS. */
const AT_ONCE = 2;

export const PASSWORD_MIN = 12;
export const PASSWORD_MAX = 128;

let running = 0;
const waiting: (() => void)[] = [];

/** Hashes a password: `$argon2id$v=19$m=…,t=…,p=…$salt$hash`. */
export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(16);
  const tag = await derive(password, { nonce, ...COST });
  return `$argon2id$v=19$m=${COST.memory},t=${COST.passes},p=${COST.parallelism}$${unpadded(nonce)}$${unpadded(tag)}`;
}

/**
 * Whether the password is the hashed one. With null (no such person) it works as long and says no,
 * so that the time of the answer does not tell who exists.
 */
export async function isPassword(password: string, hashed: string | null): Promise<boolean> {
  const parsed = parse(hashed ?? DUMMY);
  const tag = await derive(password, parsed);
  return timingSafeEqual(tag, parsed.tag) && hashed !== null;
}

/** Whether the hash was made with other parameters than today's; then it is made anew at the next sign-in. */
export const isOutdatedHash = (hashed: string): boolean => !hashed.startsWith(`$argon2id$v=19$m=${COST.memory},t=${COST.passes},p=${COST.parallelism}$`);

const DUMMY = `$argon2id$v=19$m=${COST.memory},t=${COST.passes},p=${COST.parallelism}$${unpadded(Buffer.alloc(16))}$${unpadded(Buffer.alloc(TAG_BYTES))}`;

interface Parsed {
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
  readonly nonce: Buffer;
}

function parse(hashed: string): Parsed & { readonly tag: Buffer } {
  const match = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([\w+/]+)\$([\w+/]+)$/.exec(hashed);
  if (match === null) throw new Error('A stored password hash cannot be read.');
  const [, memory, passes, parallelism, nonce, tag] = match;
  return { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism), nonce: Buffer.from(nonce!, 'base64'), tag: Buffer.from(tag!, 'base64') };
}

async function derive(password: string, { memory, passes, parallelism, nonce }: Parsed): Promise<Buffer> {
  // Composed and decomposed umlauts look the same on a keyboard.
  const parameters: Argon2Parameters = { message: password.normalize('NFC'), nonce, memory, passes, parallelism, tagLength: TAG_BYTES };
  await enter();
  try {
    return await new Promise((resolve, reject) => argon2('argon2id', parameters, (error, tag) => (error === null ? resolve(tag) : reject(error))));
  } finally {
    leave();
  }
}

async function enter(): Promise<void> {
  if (running < AT_ONCE) running += 1;
  else await new Promise<void>((go) => waiting.push(go));
}

function leave(): void {
  const next = waiting.shift();
  if (next === undefined) running -= 1;
  else next(); // takes over this place
}

function unpadded(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replaceAll('=', '');
}
