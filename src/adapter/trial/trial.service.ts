import { Injectable } from '@nestjs/common';
import { GuardedHttp } from '../../net/index.js';
import { Instance } from '../../queue/index.js';
import type { OrganizationId } from '../../store/organization.js';
import { Problem } from '../../web/index.js';
import type { Discovered } from '../contract.js';
import type { DescriptionSource, ProposedOperations } from '../proposed-operations.js';
import { EndpointService } from '../endpoint/endpoint.service.js';
import { wayOut } from '../endpoint/way-out.js';
import { adapterOf } from '../registry.js';
import { readRecordedAnswer, readRecordedRequest } from './read-recorded.js';
import type { ReadAnswerDto, ReadRequestDto, RecordedAnswerDto, RecordedRequestDto } from './trial.dto.js';

const DISCOVER_MS = 15_000;

const lowerCase = (headers: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> => Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]));

const notDescribed = (kind: string): Problem => Problem.conflict('not-supported', `Services of the kind ${kind} do not describe their calls.`);

/** Tries an endpoint's settings with what was recorded, and asks its system what it has. Nothing is accepted and nothing is sent to change anything. */
@Injectable()
export class Trials {
  constructor(private readonly endpoints: EndpointService, private readonly http: GuardedHttp, private readonly instance: Instance) {}

  async readAnswer(organization: OrganizationId, id: string, { headers, body, ...recorded }: RecordedAnswerDto): Promise<ReadAnswerDto> {
    const live = await this.endpoints.live(organization, id);
    return readRecordedAnswer({ adapter: live.adapter, endpoint: live }, { ...recorded, headers: lowerCase(headers) }, Buffer.from(body));
  }

  async readRequest(organization: OrganizationId, id: string, { entityType, body, contentType = 'application/json', headers, query = '' }: RecordedRequestDto): Promise<ReadRequestDto> {
    const live = await this.endpoints.live(organization, id);
    if (live.entityType(entityType) === undefined) throw Problem.missing(`entity type "${entityType}" at the endpoint "${id}"`);
    return readRecordedRequest({ adapter: live.adapter, endpoint: live }, { entityType, contentType, headers: lowerCase(headers), query }, Buffer.from(body), this.instance.nowMs());
  }

  async discover(organization: OrganizationId, id: string, entityType: string | null): Promise<Discovered> {
    const live = await this.endpoints.live(organization, id);
    const none: Discovered = { entityTypes: live.entityTypes.map((one) => one.name), attributes: [], from: 'settings' };
    const found = await live.adapter.discover?.(live, entityType, { http: wayOut(this.http, live), signal: AbortSignal.timeout(DISCOVER_MS), nowMs: this.instance.nowMs() });
    if (found === undefined) return none;
    if (!found.ok) throw new Problem(502, found.error.code, found.error.message);
    return found.value;
  }

  /** What a description proposes for a kind of which no endpoint is made yet. */
  async proposeOf(kind: string, document: string): Promise<ProposedOperations> {
    const adapter = adapterOf(kind);
    if (adapter === undefined) throw Problem.missing(`kind of system "${kind}"`);
    if (adapter.proposeOf === undefined) throw notDescribed(kind);
    const found = await adapter.proposeOf(document);
    if (!found.ok) throw Problem.invalid([{ pointer: '/document', detail: found.error.message }]);
    return found.value;
  }

  async propose(organization: OrganizationId, id: string, source: DescriptionSource): Promise<ProposedOperations> {
    const live = await this.endpoints.live(organization, id);
    if (live.adapter.propose === undefined) throw notDescribed(live.adapter.manifest.kind);
    const found = await live.adapter.propose(live, source, { http: wayOut(this.http, live), signal: AbortSignal.timeout(DISCOVER_MS), nowMs: this.instance.nowMs() });
    if (!found.ok && 'document' in source) throw Problem.invalid([{ pointer: '/document', detail: found.error.message }]);
    if (!found.ok) throw new Problem(found.error.kind === 'invalid' ? 400 : 502, found.error.code, found.error.message);
    return found.value;
  }
}
