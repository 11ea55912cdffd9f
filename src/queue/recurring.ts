/** Work that is done every so often by each process, never twice at a time. It tells of its own faults: `work` does not reject. */
export class Recurring {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | null = null;

  constructor(private readonly everyMs: number, private readonly work: () => Promise<void>) {}

  start(): void {
    this.timer ??= setInterval(() => void this.run(), this.everyMs).unref();
  }

  /** Does it now, and resolves when it is done; who asks while it is being done waits for that. */
  run(): Promise<void> {
    this.running ??= this.work().finally(() => { this.running = null; });
    return this.running;
  }

  /** Not again; resolves when the last time is over. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }
}
