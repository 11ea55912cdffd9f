import { Injectable } from '@nestjs/common';
import { AuditLog, type Principal } from '../../identity/index.js';
import { Instance } from '../../queue/index.js';
import { Database } from '../../store/database.js';
import { SampleStore, type Recorded, type Sample } from '../../store/endpoint/sample.store.js';
import type { OrganizationId } from '../../store/organization.js';
import { Problem } from '../../web/index.js';
import { readEndpoint } from '../endpoint/endpoint-document.js';
import { EndpointService } from '../endpoint/endpoint.service.js';
import { readEntityTypes } from '../endpoint/entity-types.js';
import { isJsonObject, type JsonObject } from '../endpoint/json-place.js';
import { joinSettings } from '../endpoint/secret-settings.js';
import { adapterOf } from '../registry.js';
import { readRecordedAnswer, readRecordedRequest, type TriedEndpoint } from '../trial/read-recorded.js';
import { jsonDifferences } from './json-differences.js';
import type { NewSampleDto, SampleDto, SampleResultDto } from './sample.dto.js';

const MOST_SAMPLES = 200;
const MOST_BODY = 1_048_576;
const MOST_DIFFERENCES = 20;

type Kept = Pick<Sample, 'recorded' | 'body'>;

const lowerCase = (headers: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> => Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]));

/** Recorded samples of endpoints: kept with what the settings should make of them, and run against settings before those are saved. */
@Injectable()
export class Samples {
  constructor(private readonly database: Database, private readonly endpoints: EndpointService, private readonly instance: Instance, private readonly audit: AuditLog) {}

  async list(organization: OrganizationId, id: string): Promise<SampleDto[]> {
    return this.endpoints.read(organization, async (change) => {
      await change.existing(id);
      return (await this.stored(organization, id)).map(viewOf);
    });
  }

  /** Keeps a request or an answer under a name. */
  async save(by: Principal, id: string, given: NewSampleDto): Promise<SampleDto> {
    const { organization } = by;
    const live = await this.endpoints.live(organization, id);
    const kept = await this.givenOf(organization, id, given);
    if (kept.body.byteLength > MOST_BODY) throw Problem.conflict('sample-too-large', `A sample has at most ${MOST_BODY} bytes.`);
    const expected = given.expected ?? await this.made({ adapter: live.adapter, endpoint: live }, kept);
    return this.database.inOrganization(organization, async (manager) => {
      const store = new SampleStore(organization, manager);
      if (await store.count(id, given.name) >= MOST_SAMPLES) throw Problem.conflict('too-many-samples', `An endpoint has at most ${MOST_SAMPLES} samples: remove one that no longer tells anything.`);
      const sample = await store.save(id, { name: given.name, ...kept, expected }, by.name);
      await this.audit.record(manager, organization, by, 'endpoint.save-sample', `endpoint:${id}`, { name: given.name });
      return viewOf((await store.list(id)).find((one) => one.id === sample)!);
    });
  }

  remove(by: Principal, id: string, sample: string): Promise<void> {
    return this.database.inOrganization(by.organization, async (manager) => {
      const name = await new SampleStore(by.organization, manager).remove(id, sample);
      if (name === null) throw Problem.missing(`sample ${sample} of the endpoint "${id}"`);
      await this.audit.record(manager, by.organization, by, 'endpoint.remove-sample', `endpoint:${id}`, { name });
    });
  }

  /** What settings make of all samples; `document`: of an endpoint that is not saved yet. Nothing is accepted, stored or sent. */
  async run(organization: OrganizationId, id: string, document: JsonObject | undefined): Promise<SampleResultDto[]> {
    const tried = document === undefined ? await this.current(organization, id) : await this.wouldBe(organization, id, document);
    const results: SampleResultDto[] = [];
    for (const sample of await this.stored(organization, id)) {
      const found = await this.made(tried, sample);
      const differences = jsonDifferences(sample.expected, found, MOST_DIFFERENCES);
      results.push({ id: sample.id, name: sample.name, ok: differences.length === 0, differences, expected: asObject(sample.expected), found: asObject(found) });
    }
    return results;
  }

  private stored(organization: OrganizationId, id: string): Promise<Sample[]> {
    return this.database.inOrganization(organization, (manager) => new SampleStore(organization, manager).list(id));
  }

  private async current(organization: OrganizationId, id: string): Promise<TriedEndpoint> {
    const live = await this.endpoints.live(organization, id);
    return { adapter: live.adapter, endpoint: live };
  }

  private async wouldBe(organization: OrganizationId, id: string, document: JsonObject): Promise<TriedEndpoint> {
    const known = await this.endpoints.read(organization, (change) => change.existing(id));
    const read = readEndpoint({ ...document, id }, known);
    if ('errors' in read) throw Problem.invalid(read.errors.map((error) => ({ ...error, pointer: `/endpoint${error.pointer ?? ''}` })), 'The endpoint cannot be used as it is.');
    const { draft } = read;
    return { adapter: adapterOf(draft.adapter)!, endpoint: { organization, id, name: draft.name, settings: joinSettings(draft.settings), entityTypes: readEntityTypes(draft.entityTypes) } };
  }

  private async givenOf(organization: OrganizationId, id: string, given: NewSampleDto): Promise<Kept> {
    const { message, delivery, request, answer } = given;
    if ([message, delivery, request, answer].filter((one) => one !== undefined).length !== 1) throw Problem.invalid([{ pointer: '', detail: 'name one of message, delivery, request and answer' }]);
    if (request !== undefined) return { recorded: { kind: 'request', entityType: request.entityType, contentType: request.contentType ?? 'application/json', headers: lowerCase(request.headers), query: request.query ?? '' }, body: Buffer.from(request.body) };
    if (answer !== undefined) {
      const { entityType, operation, step, status, headers, body } = answer;
      return { recorded: { kind: 'answer', entityType, operation, ...(step === undefined ? {} : { step }), status, headers: lowerCase(headers) }, body: Buffer.from(body) };
    }
    const found = await this.database.inOrganization(organization, (manager) => {
      const store = new SampleStore(organization, manager);
      return message === undefined ? store.answerOf(id, delivery!) : store.requestOf(id, message);
    });
    if (found === null) throw Problem.missing(message === undefined ? `answer to the delivery ${delivery} to the endpoint "${id}"` : `request of the message ${message} from the endpoint "${id}"`);
    return found;
  }

  /** The signature of a sample is too old for anybody to take it. */
  private async made(tried: TriedEndpoint, { recorded, body }: Kept): Promise<JsonObject> {
    const made = recorded.kind === 'answer' ? readRecordedAnswer(tried, recorded, body) : await this.readRequest(tried, recorded, body);
    return JSON.parse(JSON.stringify(made)) as JsonObject;
  }

  private async readRequest(tried: TriedEndpoint, recorded: Extract<Recorded, { kind: 'request' }>, body: Buffer): Promise<object> {
    const { signature: _, ...read } = await readRecordedRequest(tried, recorded, body, this.instance.nowMs());
    return read;
  }
}

const asObject = (value: unknown): Record<string, unknown> => (isJsonObject(value) ? { ...value } : {});

function viewOf({ id, name, recorded: { kind, ...recorded }, body, expected, savedAt, savedBy }: Sample): SampleDto {
  return { id, name, kind, recorded, body: new TextDecoder().decode(body), expected: asObject(expected), savedAt: savedAt.toISOString(), savedBy };
}
