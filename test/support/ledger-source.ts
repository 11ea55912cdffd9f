import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Entry, Ledger } from './ledger.js';

export interface LedgerSourceOptions {
  /** Where messages go; asked before each try, since what is tested may come back on another port. */
  readonly address: () => string;
  readonly authorization: string;
  /** Tickets that are sent at a time; the steps of each one after the other. */
  readonly concurrency?: number;
  /** What a message carries besides its numbers. */
  readonly attributes?: (entry: Entry) => Readonly<Record<string, unknown>>;
}

const RETRY_MS = 50;

/**
 * A source that numbers its tickets and what it says of them, sends each step until it is acknowledged, always with the same
 * idempotency key, and the next one only then.
 */
export class LedgerSource {
  private readonly agent: Agent;
  private stopped = false;

  constructor(private readonly ledger: Ledger, private readonly options: LedgerSourceOptions) {
    this.agent = new Agent({ keepAlive: true, maxSockets: options.concurrency ?? 32 });
  }

  /** Sends tickets `from`, `from + 1`, … with `updates` updates each; resolves when the last step is acknowledged. */
  async send({ tickets, updates, from = 1 }: { tickets: number; updates: number; from?: number }): Promise<void> {
    let next = from;
    const run = async (): Promise<void> => {
      while (next < from + tickets && !this.stopped) {
        const ticket = `INC${next++}`;
        for (let step = 0; step <= updates; step++) await this.sendUntilAcknowledged({ ticket, step });
      }
    };
    await Promise.all(Array.from({ length: this.options.concurrency ?? 32 }, run));
  }

  /** Sends nothing more. */
  stop(): void {
    this.stopped = true;
    this.agent.destroy();
  }

  private async sendUntilAcknowledged(entry: Entry): Promise<void> {
    this.ledger.attempt(entry);
    const attributes = { ticket: entry.ticket, step: entry.step, ...this.options.attributes?.(entry) };
    const body = Buffer.from(JSON.stringify({ ticketId: entry.ticket, attributes }));
    while (!this.stopped) {
      const status = await this.post(body, `${entry.ticket}-${entry.step}`).catch(() => 0);
      if (status === 202) {
        this.ledger.acknowledge(entry);
        return;
      }
      if (status >= 400 && status < 500 && status !== 429) throw new Error(`${entry.ticket}/${entry.step} was answered ${status}`);
      await sleep(RETRY_MS);
    }
  }

  private post(body: Buffer, key: string): Promise<number> {
    return new Promise((resolve, reject) => {
      const call = request(this.options.address(), {
        method: 'POST', agent: this.agent, timeout: 20_000,
        headers: { authorization: this.options.authorization, 'content-type': 'application/json', 'content-length': body.length, 'idempotency-key': key },
      }, (answer) => {
        answer.resume().on('end', () => resolve(answer.statusCode ?? 0)).on('error', reject);
      });
      call.on('timeout', () => call.destroy(new Error('no answer')));
      call.on('error', reject).end(body);
    });
  }
}
