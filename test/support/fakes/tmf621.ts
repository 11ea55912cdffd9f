import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { json, type Behaviour, type FakeTarget } from '../fake-target.js';
import { behaveAs, type Asked } from './fake-system.js';

type Json = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any
type Version = 'v4' | 'v5';
const text = { type: 'string' };
const texts = (...names: string[]): Json => Object.fromEntries(names.map((name) => [name, text]));
const listOf = (properties: Json, required: string[] = []): Json => ({ type: 'array', items: { type: 'object', additionalProperties: false, properties, required } });

/** The members of the standard that matter here, by their names and types; everything else is refused. `needed`: what each object of this version must say. */
function schemaOf(version: Version, required: readonly string[]): Json {
  const needed = version === 'v5' ? ['@type'] : [];
  return {
    type: 'object', additionalProperties: false, required: [...required, ...needed],
    properties: {
      ...texts('@type', 'name', 'description', 'severity', 'priority', 'ticketType', 'statusChangeReason', 'requestedResolutionDate', 'expectedResolutionDate', 'resolutionDate'),
      status: { enum: ['acknowledged', 'rejected', 'pending', 'held', 'inProgress', 'cancelled', 'closed', 'resolved'] },
      note: listOf(texts('@type', 'id', 'author', 'date', 'text'), needed),
      attachment: listOf({ ...texts('@type', 'id', 'href', 'name', 'description', 'url', 'content', 'attachmentType', 'mimeType') }, version === 'v5' ? [...needed, 'attachmentType', 'mimeType'] : []),
      ...(version === 'v5' ? { externalIdentifier: listOf(texts('@type', 'id', 'owner', 'externalIdentifierType'), [...needed, 'id']) } : { externalId: text }),
    },
  };
}

/** A server of trouble tickets as the standard has it: bodies are held against it, a patch replaces lists, lists are filtered by members and tell how many there are. */
export class FakeTmf621 {
  readonly tickets: Json[] = [];
  /** Servers may leave filters out, and may answer before they have done anything. */
  knowsFilters = true;
  isLate = false;
  private readonly create: ValidateFunction;
  private readonly update: ValidateFunction;

  constructor(private readonly version: Version) {
    const ajv = new Ajv2020({ allErrors: true });
    this.create = ajv.compile(schemaOf(version, ['description', 'severity', 'ticketType']));
    this.update = ajv.compile(schemaOf(version, []));
  }

  attachTo(target: FakeTarget): void {
    const root = `^/tmf-api/troubleTicket/${this.version}/troubleTicket`;
    const find = (id: string | undefined): Json | undefined => this.tickets.find((one) => one['id'] === id);
    const missing = json(404, { code: '60', reason: 'Resource not found', message: 'There is no such ticket', status: '404' });
    const held = (is: ValidateFunction, body: Json): Behaviour | null => (is(body) ? null : json(400, { code: '28', reason: 'Invalid body', message: JSON.stringify(is.errors?.map(({ instancePath, message }) => `${instancePath} ${message}`)) }));
    behaveAs(target, [
      ['POST', /\/oauth2\/token$/, () => json(200, { access_token: 'tmf-token', expires_in: 3_600 })],
      ['POST', new RegExp(`${root}$`), ({ body }) => held(this.create, body) ?? this.make(body)],
      ['GET', new RegExp(`${root}$`), (asked) => this.list(asked)],
      ['GET', new RegExp(`${root}/([\\w-]+)$`), ({ found: [id] }) => (find(id) === undefined ? missing : json(200, find(id)))],
      ['PATCH', new RegExp(`${root}/([\\w-]+)$`), ({ found: [id], body }) => {
        const ticket = find(id);
        return held(this.update, body) ?? (ticket === undefined ? missing : json(200, Object.assign(ticket, body)));
      }],
    ], (headers) => headers.authorization === undefined || headers.authorization === 'Bearer tmf-token' || String(headers.authorization).startsWith('Basic '));
  }

  private make(body: Json): Behaviour {
    const ticket = { status: 'acknowledged', ...body, id: `TT-${this.tickets.length + 1}`, lastUpdate: '2026-01-31T10:05:00.000Z' };
    this.tickets.push(ticket);
    return this.isLate ? { do: 'answer', status: 202 } : json(201, ticket);
  }

  private list({ query }: Asked): Behaviour {
    const found = !this.knowsFilters ? this.tickets : this.tickets.filter((one) => [...query].every(([name, value]) => {
      if (name === 'externalIdentifier.id') return (one['externalIdentifier'] as Json[] | undefined)?.some(({ id }) => id === value) === true;
      return name === 'externalId' ? one['externalId'] === value : name !== 'lastUpdate.gte' || String(one['lastUpdate']) >= value;
    }));
    const from = Number(query.get('offset') ?? 0);
    const page = found.slice(from, from + Number(query.get('limit') ?? 1_000));
    return json(page.length < found.length ? 206 : 200, page, { 'x-total-count': String(found.length), 'x-result-count': String(page.length) });
  }
}
