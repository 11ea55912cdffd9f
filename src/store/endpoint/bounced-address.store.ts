import type { EntityManager } from 'typeorm';
import type { OrganizationId } from '../organization.js';

/** An address from which deliveries came back, as it is shown. */
export interface BouncedAddressRow {
  readonly address: string;
  readonly bounces: number;
  readonly reason: string;
  readonly deliveryId: string;
  /** Of the delivery that came back last; null where it is not kept any more. */
  readonly messageId: string | null;
  readonly firstAt: Date;
  readonly lastAt: Date;
  /** Since when nothing is sent there. */
  readonly suppressedAt: Date;
}

/** The addresses to which one organization's endpoints send nothing any more, in one transaction. */
export class BouncedAddressStore {
  constructor(private readonly organization: OrganizationId, private readonly manager: EntityManager) {}

  /** At most `most` addresses that follow `after` in the alphabet. */
  async suppressed(endpoint: string, { after, most }: { readonly after: string; readonly most: number }): Promise<BouncedAddressRow[]> {
    return this.manager.query<BouncedAddressRow[]>(
      `SELECT b.address, b.bounces, b.reason, b.delivery_id AS "deliveryId", d.message_id AS "messageId", b.first_at AS "firstAt", b.last_at AS "lastAt", b.suppressed_at AS "suppressedAt"
       FROM bounced_address b LEFT JOIN delivery d ON d.organization_id = b.organization_id AND d.id = b.delivery_id
       WHERE b.organization_id = $1 AND b.endpoint = $2 AND b.suppressed_at IS NOT NULL AND b.address > $3 ORDER BY b.address LIMIT $4`, [this.organization, endpoint, after, most]);
  }

  /** Forgets what came back from an address; answers whether nothing was sent there. */
  async lift(endpoint: string, address: string): Promise<boolean> {
    const [, count] = await this.manager.query<[unknown[], number]>(
      'DELETE FROM bounced_address WHERE organization_id = $1 AND endpoint = $2 AND address = $3 AND suppressed_at IS NOT NULL', [this.organization, endpoint, address]);
    return count > 0;
  }
}
