import { Injectable, Logger } from '@nestjs/common';
import { nextAttempt } from '../../core/delivery/backoff.js';
import { StageHub } from '../../queue/index.js';
import { Database } from '../../store/database.js';
import { commitCompletion, dueIncomplete, endIncomplete, postponeCompletion, type IncompleteRequest } from '../../store/pipeline/incomplete.js';
import type { PollLane } from '../../store/pipeline/poll-lane.js';
import { newId } from '../../store/pipeline/uuid.js';
import type { Completed, PollContext } from '../contract.js';
import type { LiveEndpoint } from '../endpoint/live-endpoint.js';

/** Requests completed in a row before others may go first. */
const MOST_AT_ONCE = 20;

/** What one round came to. */
export interface CompletionRound {
  readonly more: boolean;
  /** The first thing that went wrong; null where all worked. */
  readonly error: string | null;
}

/** Completes requests that leave out what must be fetched: one after the other, since two about one ticket must not overtake each other. */
@Injectable()
export class Completions {
  private readonly log = new Logger('poll');

  constructor(private readonly database: Database, private readonly hub: StageHub) {}

  /** Says that there is something to normalize. */
  arrived(): void {
    this.hub.left('normalize');
  }

  async round(lane: PollLane, endpoint: LiveEndpoint, context: PollContext): Promise<CompletionRound> {
    const due = await dueIncomplete(this.database.worker, lane, MOST_AT_ONCE);
    let error: string | null = null;
    for (const request of due) {
      if (context.signal.aborted) break;
      const done = await this.complete(request, endpoint, context);
      if (context.signal.aborted) break;
      if (done.kind === 'completed') {
        await commitCompletion(this.database, lane, request.id, done.completion);
        this.arrived();
      } else {
        error ??= done.error;
        await this.later(lane, request, endpoint, done);
      }
    }
    return { more: due.length === MOST_AT_ONCE, error };
  }

  private async complete(request: IncompleteRequest, endpoint: LiveEndpoint, context: PollContext): Promise<Completed> {
    const { complete } = endpoint.adapter.inbound;
    // Settings that do not ask for it any more: the request is read as it is.
    if (complete === undefined) return { kind: 'completed', completion: Buffer.from('{"answers":{},"files":{}}') };
    try {
      return await complete({ ...request, acceptedMs: context.nowMs - request.ageMs }, endpoint, context);
    } catch (error) {
      this.log.error({ event: 'completion.adapter-failed', request: request.id, endpoint: endpoint.id, err: error, message: 'an adapter failed while it completed a request' });
      return { kind: 'failed', error: 'Parley failed while it fetched what the request leaves out; its log says how.', isFinal: true };
    }
  }

  private async later(lane: PollLane, request: IncompleteRequest, endpoint: LiveEndpoint, failed: Completed & { kind: 'failed' }): Promise<void> {
    const next = nextAttempt({ attempt: request.attempts + 1, ageMs: request.ageMs, notBeforeMs: failed.retryAfterMs ?? null, random: Math.random() }, endpoint.delivery.retry);
    const reason = failed.error.replaceAll('\0', '').slice(0, 1_000).toWellFormed();
    if (failed.isFinal || next.kind === 'give-up') await endIncomplete(this.database, lane, request, { id: newId(), reason });
    else await postponeCompletion(this.database.worker, request.id, next.afterMs, reason);
  }
}
