import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { Database } from '../store/database.js';
import type { OrganizationId } from '../store/organization.js';
import { readPulse } from '../store/monitoring/gauges.js';

const BEAT_MS = 1_000;
/** Proxies close silent lines after a minute or so. */
const KEEP_OPEN_BEATS = 20;

type Listener = (type: 'message' | 'delivery' | 'bulk' | 'idle', data: object) => void;

interface Watched {
  readonly listeners: Set<Listener>;
  /** Those that have heard nothing yet: what moved between their reading and their listening nobody else tells them. */
  readonly fresh: Set<Listener>;
  last: { readonly message: string; readonly trouble: string; readonly finished: string; readonly bulk: string } | null;
  quiet: number;
}

/** Looks once a second, for each organization that somebody watches, whether something has moved: whichever instance moved it. */
@Injectable()
export class Pulses implements BeforeApplicationShutdown {
  private readonly log = new Logger('events');
  private readonly watched = new Map<OrganizationId, Watched>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly database: Database) {}

  /** Calls back when something moved; answers how to stop. */
  listen(organization: OrganizationId, listener: Listener): () => void {
    const watched = this.watched.get(organization) ?? { listeners: new Set(), fresh: new Set(), last: null, quiet: 0 };
    this.watched.set(organization, watched);
    watched.listeners.add(listener);
    watched.fresh.add(listener);
    this.timer ??= setInterval(() => void this.beat(), BEAT_MS).unref();
    return () => {
      watched.listeners.delete(listener);
      watched.fresh.delete(listener);
      if (watched.listeners.size > 0) return;
      this.watched.delete(organization);
      if (this.watched.size === 0) this.stop();
    };
  }

  beforeApplicationShutdown(): void {
    this.stop();
  }

  private stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private async beat(): Promise<void> {
    for (const [organization, watched] of this.watched) {
      try {
        const pulse = await readPulse(this.database.worker, organization);
        const { last } = watched;
        watched.last = pulse;
        const moved = {
          message: last !== null && last.message !== pulse.message, delivery: last !== null && (last.trouble !== pulse.trouble || last.finished !== pulse.finished),
          bulk: last !== null && last.bulk !== pulse.bulk,
        };
        watched.quiet = moved.message || moved.delivery || moved.bulk ? 0 : watched.quiet + 1;
        for (const listener of watched.listeners) {
          const isFresh = watched.fresh.delete(listener);
          if (moved.message || isFresh) listener('message', { newest: pulse.message });
          if (moved.delivery) listener('delivery', {});
          if (moved.bulk) listener('bulk', {});
          if (watched.quiet > 0 && watched.quiet % KEEP_OPEN_BEATS === 0) listener('idle', {});
        }
      } catch (error) {
        this.log.debug({ event: 'events.failed', err: error, message: 'the store could not be looked at' });
      }
    }
  }
}
