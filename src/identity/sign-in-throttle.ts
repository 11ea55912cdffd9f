import { hash } from 'node:crypto';
import { isIP } from 'node:net';
import { Injectable } from '@nestjs/common';
import { Database } from '../store/database.js';
import { foldEmail } from '../store/identity/person.store.js';
import { SignInCounterStore, type CounterScope } from '../store/identity/sign-in-counter.store.js';
import { Problem } from '../web/index.js';

const HOUR = 3_600_000;
/** From the fifth failure of one account from one network on, the wait doubles: 1 s, 2 s, … */
const FREE_FAILURES = 5;
const LONGEST_WAIT_MS = 15 * 60_000;
const PER_ACCOUNT_AND_HOUR = 20;
const PER_NETWORK_AND_HOUR = 100;
/** Attempts of one account from one network that may wait for each other in this process. */
const MOST_WAITING = 50;

interface Keys {
  readonly account: Buffer;
  readonly network: Buffer;
  readonly pair: Buffer;
}

/**
 * Slows down guessing. Counts in PostgreSQL, for all instances. The account's own limit does not bind networks
 * from which it was signed in to before: else anyone could lock anyone out.
 */
@Injectable()
export class SignInThrottle {
  private readonly lines = new Map<string, { waiting: number; last: Promise<void> }>();

  constructor(private readonly database: Database) {}

  /**
   * Tries a password unless it must wait, and counts what came of it; a 429 problem says when to try again. Attempts for
   * one account from one network are tried one after the other: those at once neither pass one check nor refuse each other.
   */
  async attempt(email: string, address: string, isRight: () => Promise<boolean>): Promise<boolean> {
    const keys: Keys = { account: digest(foldEmail(email)), network: digest(networkOf(address)), pair: digest(`${foldEmail(email)}\n${networkOf(address)}`) };
    return this.inTurn(keys.pair.toString('base64'), async () => {
      await this.count(keys);
      const right = await isRight();
      if (right) await this.forgive(keys);
      return right;
    });
  }

  /** Removes counters that no longer say anything. */
  async sweep(): Promise<void> {
    await new SignInCounterStore(this.database.app.manager).sweep();
  }

  private async inTurn<T>(key: string, work: () => Promise<T>): Promise<T> {
    const line = this.lines.get(key) ?? { waiting: 0, last: Promise.resolve() };
    if (line.waiting >= MOST_WAITING) throw tooMany(1_000);
    this.lines.set(key, line);
    line.waiting += 1;
    const turn = line.last.then(work);
    line.last = turn.then(() => {}, () => {});
    try {
      return await turn;
    } finally {
      line.waiting -= 1;
      if (line.waiting === 0) this.lines.delete(key);
    }
  }

  /** Counts an attempt as failed before it is tried: other instances must not pass the same check meanwhile. */
  private async count({ account, network, pair }: Keys): Promise<void> {
    // Its own transaction: what is counted stays counted, whatever becomes of the request.
    const waitMs = await this.database.app.transaction(async (manager) => {
      const store = new SignInCounterStore(manager);
      const known = await store.isKnown(pair);
      const counts: readonly [CounterScope, Buffer, number][] = [
        ['pair', pair, Infinity], ['network', network, PER_NETWORK_AND_HOUR], ...(known ? [] : [['account', account, PER_ACCOUNT_AND_HOUR] as [CounterScope, Buffer, number]]),
      ];
      let wait = 0;
      for (const [scope, key, most] of counts) {
        const counter = await store.count(scope, key, HOUR);
        wait = Math.max(wait, counter.blockedMs, counter.failures > most ? counter.windowMs : 0);
        if (scope === 'pair' && counter.blockedMs <= 0 && counter.failures >= FREE_FAILURES) {
          await store.block(scope, key, Math.min(1_000 * 2 ** (counter.failures - FREE_FAILURES), LONGEST_WAIT_MS));
        }
      }
      return wait;
    });
    if (waitMs > 0) throw tooMany(waitMs);
  }

  private async forgive({ account, network, pair }: Keys): Promise<void> {
    await this.database.app.transaction(async (manager) => {
      const store = new SignInCounterStore(manager);
      await store.clear('pair', pair);
      await store.forgive('network', network);
      await store.clear('account', account);
      await store.noteKnown(pair);
    });
  }
}

const tooMany = (waitMs: number): Problem => Problem.tooMany('too-many-attempts', 'Too many failed attempts; wait before the next one.', waitMs);

const digest = (text: string): Buffer => hash('sha256', text, 'buffer');

/** The network that an address is counted with: /24 of IPv4, /64 of IPv6. */
export function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  if (isIP(plain) === 4) return plain.split('.').slice(0, 3).join('.');
  if (isIP(plain) !== 6) return plain;
  const [head = '', tail] = plain.split('%', 1)[0]!.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const full = tail === undefined ? left : [...left, ...Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0'), ...right];
  return full.slice(0, 4).map((group) => group.toLowerCase().padStart(4, '0')).join(':');
}
