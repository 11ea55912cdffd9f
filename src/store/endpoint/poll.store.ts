import type { EntityManager } from 'typeorm';
import type { OrganizationId } from '../organization.js';

/** How the polling of a channel stands. */
export interface PollState {
  readonly channel: string;
  readonly cursor: unknown;
  readonly running: boolean;
  readonly nextAt: Date | null;
  readonly lastPollAt: Date | null;
  readonly lastSuccessAt: Date | null;
  readonly lastError: string | null;
  readonly failuresInRow: number;
  readonly lastCount: number;
  readonly fetched: number;
}

/** The polls of one organization's endpoints, as people look at and steer them. */
export class PollStore {
  constructor(private readonly organization: OrganizationId, private readonly manager: EntityManager) {}

  async all(endpoint: string): Promise<PollState[]> {
    return this.manager.query<PollState[]>(
      `SELECT channel, cursor, claim IS NOT NULL AS running, CASE WHEN ready_at < 'infinity' THEN ready_at END AS "nextAt", last_poll_at AS "lastPollAt", last_success_at AS "lastSuccessAt",
         last_error AS "lastError", failures_in_row AS "failuresInRow", last_count AS "lastCount", fetched::float8 AS fetched
       FROM poll_lane WHERE organization_id = $1 AND endpoint = $2 ORDER BY channel`, [this.organization, endpoint]);
  }

  /** Makes a channel due at once; whoever owns it sees it within a second. */
  async hurry(endpoint: string, channel: string): Promise<void> {
    await this.manager.query(
      `INSERT INTO poll_lane AS p (organization_id, endpoint, channel) VALUES ($1, $2, $3) ON CONFLICT (organization_id, endpoint, channel) DO UPDATE SET ready_at = now()`,
      [this.organization, endpoint, channel]);
  }

  /** Makes the channels of an endpoint due at once that nobody is polling now. */
  async hurryAll(endpoint: string): Promise<void> {
    await this.manager.query(`UPDATE poll_lane SET ready_at = now() WHERE organization_id = $1 AND endpoint = $2 AND claim IS NULL AND ready_at > now() AND ready_at < 'infinity'`, [this.organization, endpoint]);
  }

  /** Sets where the next poll goes on; a poll under way loses its claim and commits nothing. */
  async setCursor(endpoint: string, channel: string, cursor: unknown): Promise<void> {
    await this.manager.query(
      `INSERT INTO poll_lane AS p (organization_id, endpoint, channel, cursor) VALUES ($1, $2, $3, $4::jsonb)
       ON CONFLICT (organization_id, endpoint, channel) DO UPDATE SET cursor = excluded.cursor, claim = NULL, crash_count = 0, failures_in_row = 0, ready_at = now()`,
      [this.organization, endpoint, channel, JSON.stringify(cursor ?? null)]);
  }
}
