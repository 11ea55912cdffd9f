import { Injectable } from '@nestjs/common';
import { AuditLog, type Actor } from '../../identity/index.js';
import { GuardedHttp } from '../../net/index.js';
import { Instance } from '../../queue/index.js';
import { Database } from '../../store/database.js';
import { PollStore, type PollState } from '../../store/endpoint/poll.store.js';
import type { OrganizationId } from '../../store/organization.js';
import { Problem } from '../../web/index.js';
import type { FetchedItem, Source } from '../contract.js';
import { EndpointPauses } from '../endpoint/endpoint-pauses.service.js';
import { EndpointService } from '../endpoint/endpoint.service.js';
import type { LiveEndpoint } from '../endpoint/live-endpoint.js';
import { wayOut } from '../endpoint/way-out.js';
import type { PollDto, PollPreviewDto, PreviewedItemDto } from './poll.dto.js';

const PREVIEW_MS = 30_000;
const PREVIEWED_ITEMS = 20;
const PREVIEWED_BYTES = 16_384;

/** The polls of endpoints as people look at and steer them. */
@Injectable()
export class PollService {
  constructor(
    private readonly database: Database, private readonly audit: AuditLog, private readonly endpoints: EndpointService, private readonly pauses: EndpointPauses,
    private readonly http: GuardedHttp, private readonly instance: Instance,
  ) {}

  async list(organization: OrganizationId, id: string): Promise<PollDto[]> {
    const live = await this.endpoints.live(organization, id);
    const states = new Map((await this.database.inOrganization(organization, (manager) => new PollStore(organization, manager).all(id))).map((one) => [one.channel, one]));
    const rests = !this.pauses.mayCall(live, this.instance.nowMs());
    return (live.adapter.source?.channels(live) ?? []).map(({ name, everyMs }) => pageOf(name, everyMs, states.get(name), rests));
  }

  /** Makes a channel due at once. */
  async run(organization: OrganizationId, actor: Actor, id: string, channel: string): Promise<void> {
    await this.act(organization, actor, id, channel, { action: 'endpoint.poll-now', act: (store) => store.hurry(id, channel) });
  }

  async setCursor(organization: OrganizationId, actor: Actor, id: string, { channel, cursor }: { readonly channel: string; readonly cursor: unknown }): Promise<void> {
    await this.act(organization, actor, id, channel, { action: 'endpoint.set-cursor', act: (store) => store.setCursor(id, channel, cursor) });
  }

  /** Fetches one page from where the cursor stands; accepts nothing and moves nothing. */
  async preview(organization: OrganizationId, id: string, channel: string): Promise<PollPreviewDto> {
    const { live, source } = await this.polled(organization, id, channel);
    const states = await this.database.inOrganization(organization, (manager) => new PollStore(organization, manager).all(id));
    const cursor = states.find((one) => one.channel === channel)?.cursor ?? null;
    const context = { http: wayOut(this.http, live), signal: AbortSignal.timeout(PREVIEW_MS), nowMs: this.instance.nowMs() };
    const first = await source.poll(live, channel, cursor, context);
    // A source may begin by saying where it begins.
    const result = cursor === null && first.kind === 'fetched' && first.items.length === 0 && first.more ? await source.poll(live, channel, first.cursor, context) : first;
    if (result.kind !== 'fetched') return { ok: false, error: result.error, count: 0, items: [], cursor };
    return {
      ok: true, error: result.warning ?? null, count: result.items.length, cursor: result.cursor, more: result.more,
      items: result.items.slice(0, PREVIEWED_ITEMS).map((item) => previewed(item, live)),
    };
  }

  private async polled(organization: OrganizationId, id: string, channel: string): Promise<{ live: LiveEndpoint; source: Source }> {
    const live = await this.endpoints.live(organization, id);
    const { source } = live.adapter;
    if (source === undefined || !source.channels(live).some(({ name }) => name === channel)) throw Problem.missing(`poll "${channel}" at the endpoint "${id}"`);
    return { live, source };
  }

  // eslint-disable-next-line no-restricted-syntax -- reads as a sentence: who does what to which channel
  private async act(organization: OrganizationId, actor: Actor, id: string, channel: string, { action, act }: { readonly action: string; readonly act: (store: PollStore) => Promise<void> }): Promise<void> {
    await this.polled(organization, id, channel);
    await this.database.inOrganization(organization, async (manager) => {
      await act(new PollStore(organization, manager));
      await this.audit.record(manager, organization, actor, action, `endpoint:${id}`, { channel });
    });
  }
}

function pageOf(channel: string, everyMs: number, state: PollState | undefined, rests: boolean): PollDto {
  return {
    channel, everyMs, running: state?.running ?? false, nextAt: rests ? null : (state?.nextAt?.toISOString() ?? null),
    lastPollAt: state?.lastPollAt?.toISOString() ?? null, lastSuccessAt: state?.lastSuccessAt?.toISOString() ?? null, lastError: state?.lastError ?? null,
    failuresInRow: state?.failuresInRow ?? 0, lastCount: state?.lastCount ?? 0, fetched: state?.fetched ?? 0, cursor: state?.cursor ?? null,
  };
}

function previewed(item: FetchedItem, live: LiveEndpoint): PreviewedItemDto {
  const { entityType, repeatKey, contentType, body } = item;
  const read = live.adapter.inbound.normalize({ entityType, contentType, body, headers: item.headers ?? {}, query: item.query ?? '' }, live);
  const messages = read.ok ? read.value.map(({ attachments, ...message }) => ({ ...message, attachments: attachments.map(({ name, contentType: type, size }) => ({ name, contentType: type, size })) })) : [];
  return { entityType, repeatKey, contentType, body: new TextDecoder().decode(body.subarray(0, PREVIEWED_BYTES)), messages, error: read.ok ? null : read.error.message };
}
