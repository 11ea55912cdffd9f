import { Injectable, Logger } from '@nestjs/common';
import { rateOver } from '../../core/delivery/token-bucket.js';
import { Database } from '../../store/database.js';
import { countBounces, knownAddresses, noteTaken, type AddressPlace } from '../../store/pipeline/bounced-address.js';
import { turnMs } from '../../store/pipeline/domain-turn.js';
import type { AddressKeeper } from '../address-contract.js';
import { SuppressionLog } from './suppression-log.js';

const MINUTE_MS = 60_000;

/** What is known of the addresses that endpoints send to, in the store. */
@Injectable()
export class AddressKeepers {
  private readonly log = new Logger('addresses');

  constructor(private readonly database: Database, private readonly suppressions: SuppressionLog) {}

  of(place: AddressPlace): AddressKeeper {
    const { worker } = this.database;
    return {
      known: (addresses) => knownAddresses(worker, place, addresses),
      turn: (attempt, perMinute) => {
        const { perSecond, burst } = rateOver(perMinute, MINUTE_MS);
        return turnMs(this.database, { ...place, ...attempt, everyMs: 1_000 / perSecond, burst });
      },
      taken: (addresses) => this.quietly(place, () => noteTaken(worker, place, addresses)),
      refused: (dead) => this.quietly(place, async () => this.suppressions.suppressed(await countBounces(worker, dead.map((one) => ({ ...place, ...one }))))),
    };
  }

  /** The call is over and stands: what could not be counted of it is not worth its result. */
  private async quietly({ organization, endpoint }: AddressPlace, act: () => Promise<void>): Promise<void> {
    await act().catch((error: unknown) => {
      this.log.warn({ event: 'address.uncounted', organization, endpoint, err: error, message: 'what a call says of its addresses could not be kept' });
    });
  }
}
