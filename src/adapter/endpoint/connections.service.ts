import { hash } from 'node:crypto';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { SETTINGS, type Settings } from '../../config/settings.js';
import { SecretBox, type Principal, type SecretPlace } from '../../identity/index.js';
import { GuardedHttp } from '../../net/index.js';
import { Database } from '../../store/database.js';
import { ConnectionStore, type ConnectionState } from '../../store/endpoint/connection.store.js';
import { OrganizationStore } from '../../store/identity/organization.store.js';
import type { OrganizationId } from '../../store/organization.js';
import { Problem } from '../../web/index.js';
import type { Consent } from '../contract.js';
import { ConnectionKeepers } from './connection-keeper.js';
import { ConnectionRefused } from './connection-refusal.js';
import type { ConnectionDto } from './connection.dto.js';
import { beginConsent, finishConsent } from './consent-client.js';
import { EndpointService } from './endpoint.service.js';
import type { LiveEndpoint } from './live-endpoint.js';
import { connectionOf } from './way-out.js';

/** Time to sign in at the target and to consent. */
const LIFETIME_MS = 10 * 60_000;
const SLOTS = 2;

/** What a browser brought back, and who it belongs to. */
interface Arrival {
  readonly by: Principal;
  readonly endpoint: string;
  readonly query: string;
}

/** Endpoints that work in the name of a person: who consented, the way to the target and back. Failures on the way back are `ConnectionRefused`. */
@Injectable()
export class Connections {
  private readonly log = new Logger('endpoints');

  constructor(
    private readonly database: Database, private readonly endpoints: EndpointService, private readonly keepers: ConnectionKeepers, private readonly box: SecretBox,
    private readonly http: GuardedHttp, @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  async state(organization: OrganizationId, id: string, origin: string): Promise<ConnectionDto> {
    const live = await this.endpoints.live(organization, id);
    const consent = consentOf(live);
    if (consent === null) return { isNeeded: false, state: 'none', redirectUri: null, connectedAt: null, connectedBy: null, renewedAt: null, refusedAt: null, reason: null };
    return this.database.inOrganization(organization, async (manager) => {
      const stored = await new ConnectionStore(organization, manager).find(id);
      const known = stored !== null && stored.fingerprint === consent.fingerprint ? stored : null;
      return { isNeeded: true, redirectUri: await this.redirectUri(new OrganizationStore(manager), live, origin), ...viewOf(known, stored !== null) };
    });
  }

  /** Where to send the browser of whoever asks; only their session may bring the answer back. */
  async begin(by: Principal, id: string, origin: string): Promise<string> {
    const { organization, session } = by;
    if (by.kind !== 'person' || session === null) throw Problem.conflict('person-needed', 'Consent is given by a person who is signed in: use Connect on the page of the endpoint.');
    const live = await this.endpoints.live(organization, id);
    const consent = consentOf(live);
    if (consent === null) throw Problem.conflict('no-consent-needed', `The endpoint "${id}" does not sign in by the consent of a person: its settings have another authentication.`);
    return this.database.inOrganization(organization, async (manager) => {
      const { url, begun } = await beginConsent(consent, await this.redirectUri(new OrganizationStore(manager), live, origin));
      const stateHash = hash('sha256', begun.state, 'buffer');
      const row = { stateHash, endpoint: id, person: by.id, session, fingerprint: consent.fingerprint, verifier: this.box.seal(verifierPlace(organization, stateHash), begun.verifier), redirectUri: begun.redirectUri };
      await new ConnectionStore(organization, manager).begin(row, LIFETIME_MS);
      return url;
    });
  }

  /** Connects the endpoint with what the browser brought back. */
  async finish(arrival: Arrival): Promise<void> {
    try {
      await this.connect(arrival);
    } catch (error) {
      if (error instanceof ConnectionRefused) this.log.warn({ event: 'endpoint.connect-failed', organization: arrival.by.organization, endpoint: arrival.endpoint, code: error.code, reason: error.message, message: 'an endpoint was not connected' });
      throw error;
    }
  }

  /** Forgets the consent; the endpoint then has none. */
  async disconnect(by: Principal, id: string): Promise<void> {
    await this.endpoints.change(by.organization, by, async (change, manager) => {
      const known = await change.existing(id);
      if (!(await new ConnectionStore(by.organization, manager).remove(id))) throw Problem.missing(`connection of the endpoint "${id}"`);
      await change.reconnected(known, 'endpoint.disconnect');
    });
  }

  private async connect({ by, endpoint, query }: Arrival): Promise<void> {
    const { organization, session } = by;
    const state = new URLSearchParams(query).get('state') ?? '';
    const stateHash = hash('sha256', state, 'buffer');
    // Taken before anything is asked: what comes back twice is asked once.
    const begun = session === null ? null : await this.database.inOrganization(organization, (manager) => new ConnectionStore(organization, manager).take({ stateHash, endpoint, person: by.id, session }, LIFETIME_MS));
    if (begun === null) throw new ConnectionRefused('not-begun');
    const live = await this.endpoints.live(organization, endpoint);
    const consent = consentOf(live);
    if (consent?.fingerprint !== begun.fingerprint) throw new ConnectionRefused('settings-changed');
    const client = this.http.client(`${organization} ${endpoint} consent`, { ...connectionOf(live), slots: SLOTS });
    const verifier = this.box.openText(verifierPlace(organization, stateHash), begun.verifier);
    const tokens = await finishConsent(consent, { state, verifier, redirectUri: begun.redirectUri }, query, client);
    await this.endpoints.change(organization, by, async (change, manager) => {
      const known = await change.find(endpoint);
      if (known === null) throw new ConnectionRefused('settings-changed');
      await new ConnectionStore(organization, manager).save(endpoint, { fingerprint: consent.fingerprint, tokens: this.keepers.seal({ organization, endpoint }, tokens), by: by.name });
      await change.reconnected(known, 'endpoint.connect');
    });
  }

  /** Where browsers come back to: one address per endpoint, exactly as it must be registered at the target. */
  private async redirectUri(organizations: OrganizationStore, { organization, id }: LiveEndpoint, origin: string): Promise<string> {
    const row = await organizations.byId(organization as OrganizationId);
    if (row === null) throw new Error('An organization that somebody works in is not there.');
    return `${this.settings.publicUrl?.replace(/\/+$/, '') ?? origin}/api/v1/o/${encodeURIComponent(row.slug)}/endpoints/${encodeURIComponent(id)}/connection/callback`;
  }
}

const consentOf = (live: LiveEndpoint): Consent | null => live.adapter.consent?.(live) ?? null;

const verifierPlace = (organization: OrganizationId, stateHash: Buffer): SecretPlace => ({ organization, table: 'endpoint_consent', column: 'verifier', row: stateHash.toString('hex') });

/** `isOther`: there is a consent, but for other settings. */
function viewOf(known: ConnectionState | null, isOther: boolean): Pick<ConnectionDto, 'state' | 'connectedAt' | 'connectedBy' | 'renewedAt' | 'refusedAt' | 'reason'> {
  if (known === null) return { state: 'none', connectedAt: null, connectedBy: null, renewedAt: null, refusedAt: null, reason: isOther ? 'The settings were changed since somebody connected the endpoint: connect it anew.' : null };
  const { connectedAt, connectedBy, renewedAt, refusedAt, refusedReason } = known;
  return {
    state: refusedAt === null ? 'connected' : 'refused', connectedAt: connectedAt.toISOString(), connectedBy, renewedAt: renewedAt?.toISOString() ?? null,
    refusedAt: refusedAt?.toISOString() ?? null, reason: refusedReason,
  };
}
