import { SenderRate, type RateSettings } from './sender-rate.js';

/** How many mails are taken in a time. */
export interface FloodSettings {
  readonly senderRate?: RateSettings;
  readonly threadRate?: RateSettings;
  readonly mailboxRate?: RateSettings;
  readonly repeatRate?: RateSettings;
}

/** A mail as it is counted. */
export interface CountedMail {
  readonly sender: string;
  /** The thread that it goes on with; null of one that begins a thread, and of events, which may be told often. */
  readonly thread: string | null;
  /** Stands for what its sender wrote; null where that says nothing. */
  readonly textHash: string | null;
  readonly arrivedMs: number;
}

export const DEFAULT_RATES = { senderRate: { mails: 600, minutes: 10 }, threadRate: { mails: 20, minutes: 10 }, repeatRate: { mails: 3, minutes: 60 } } as const;

/**
 * Stops what goes in circles or floods a mailbox. Each process counts for itself, by the time at which mails arrived. Mails that are held back are
 * stored and shown.
 */
export class Floods {
  private readonly mailbox = new SenderRate();
  private readonly senders = new SenderRate();
  private readonly threads = new SenderRate();
  private readonly texts = new SenderRate();

  constructor(private readonly settings: FloodSettings) {}

  /** Counts a mail; answers why it is held back, in words, or null. */
  count({ sender, thread, textHash, arrivedMs }: CountedMail): string | null {
    const { senderRate, threadRate, mailboxRate, repeatRate } = { ...DEFAULT_RATES, ...this.settings };
    const reasons = [
      mailboxRate !== undefined && this.mailbox.exceeds('', arrivedMs, mailboxRate) ? `more than ${mailboxRate.mails} mails in ${mailboxRate.minutes} min came to this mailbox` : null,
      this.senders.exceeds(sender, arrivedMs, senderRate) ? `more mails of ${sender} than are taken in a time` : null,
      thread !== null && this.threads.exceeds(`${sender} ${thread}`, arrivedMs, threadRate) ? `more mails of ${sender} in one thread than a person writes: two machines may be answering each other` : null,
      thread !== null && textHash !== null && this.texts.exceeds(`${thread} ${textHash}`, arrivedMs, repeatRate) ? `the same text came more than ${repeatRate.mails} times in one thread: two machines may be answering each other` : null,
    ];
    return reasons.find((reason) => reason !== null) ?? null;
  }
}
