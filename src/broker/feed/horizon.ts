import type { EntityManager } from '../../store/data-source.js';
import type { OrganizationId } from '../../store/organization.js';
import { uuidTimeMs } from '../../store/pipeline/uuid.js';
import { ShownDaysStore } from '../../store/retention/shown-days.store.js';

/** States in which a delivery is shown however old it is: somebody has to do something about it, or it is on its way. */
const OPEN: ReadonlySet<string> = new Set(['QUEUED', 'SENDING', 'RETRYING', 'HELD', 'DEAD']);

export const isOpen = (state: string): boolean => OPEN.has(state);

/** How far back an organization sees. */
export class Horizon {
  /** `fromMs`: in milliseconds; null: everything is shown. */
  constructor(readonly fromMs: number | null) {}

  static async of(organization: OrganizationId, manager: EntityManager): Promise<Horizon> {
    return new Horizon(await new ShownDaysStore(organization, manager).fromMs());
  }

  /** The later of the two; for lists whose caller asks for a time too. */
  since(askedMs: number | null): number | null {
    return this.fromMs === null ? askedMs : Math.max(this.fromMs, askedMs ?? 0);
  }

  showsMessage = ({ id }: { readonly id: string }): boolean => this.fromMs === null || uuidTimeMs(id) >= this.fromMs;

  showsDelivery = ({ id, state }: { readonly id: string; readonly state: string }): boolean => OPEN.has(state) || this.showsMessage({ id });
}
