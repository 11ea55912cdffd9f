import { Injectable } from '@nestjs/common';
import { nestAttributes } from '../../core/delivery/nest-attributes.js';
import { failure, type Failure } from '../../core/message/failure.js';
import { err, type Result } from '../../core/message/result.js';
import type { Attributes } from '../../core/message/value.js';
import type { Operation } from '../../core/message/message.js';
import { Database } from '../../store/database.js';
import { readEndpoints } from '../../store/endpoint/endpoint-reader.js';
import type { OrganizationId } from '../../store/organization.js';
import { Problem } from '../../web/index.js';
import type { RenderedRequest } from '../contract.js';
import { adapterOf } from '../registry.js';
import { EndpointSecrets } from './endpoint-secrets.js';
import { liveEndpoint } from './live-endpoint.js';

/** What stands where a secret would stand. */
const HIDDEN = '[hidden]';
const MOST_SHOWN = 65_536;

/** A message that a rule would send. */
export interface PreviewedMessage {
  readonly id: string;
  readonly entityType: string;
  readonly messageType: string;
  readonly operation: Operation;
  readonly ticketId: string | null;
  readonly attributes: Attributes;
}

/** The request, or why none can be made; `body` is cut to 64 kB. */
export interface RequestPreview {
  readonly method: string | null;
  readonly url: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly problem: string | null;
}

/** Shows the request that an endpoint would be sent, without sending it. It is made without any secret: a word stands in the place of each. */
@Injectable()
export class RequestPreviews {
  constructor(private readonly database: Database, private readonly secrets: EndpointSecrets) {}

  async preview(organization: OrganizationId, id: string, message: PreviewedMessage): Promise<RequestPreview> {
    const stored = (await readEndpoints(organization, this.database.worker)).find((one) => one.id === id);
    const adapter = stored === undefined ? undefined : adapterOf(stored.adapter);
    if (stored === undefined || adapter === undefined) throw Problem.missing(`endpoint "${id}"`);
    const { outbound } = adapter;
    const masked = masking(this.secrets.open(organization, id, stored.secrets)) as Readonly<Record<string, unknown>>;
    const endpoint = liveEndpoint(organization, stored, masked, { adapter });
    if (endpoint.entityType(message.entityType) === undefined) return without(message, `the endpoint has no entity type "${message.entityType}"`);
    const delivery = { ...message, attachments: [], attempt: 1 };
    const rendered = rendering(() => outbound.render(delivery, endpoint));
    if (!rendered.ok) return without(message, rendered.error.message);
    const { method, url, headers, body } = rendered.value;
    return { method, url, headers: withoutProof(headers), body: body === null ? '' : new TextDecoder().decode(body).slice(0, MOST_SHOWN), problem: null };
  }
}

/** Where no request can be made, the attributes as they would be nested tell most. */
const without = ({ attributes }: PreviewedMessage, problem: string): RequestPreview =>
  ({ method: null, url: null, headers: {}, body: JSON.stringify(nestAttributes(attributes), null, 2).slice(0, MOST_SHOWN), problem });

/** A kind may need a real key (to sign with, say): then no request can be shown. */
function rendering(render: () => Result<RenderedRequest, Failure>): Result<RenderedRequest, Failure> {
  try {
    return render();
  } catch (cause) {
    return err(failure('invalid', 'no-preview', `the request cannot be made without the endpoint's secrets: ${cause instanceof Error ? cause.message : 'unknown'}`));
  }
}

/** What proves who we are would hold a hidden word in a code that nobody reads. */
const withoutProof = (headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, name.toLowerCase() === 'authorization' ? value.replace(/^(\S+\s)?.*$/s, `$1${HIDDEN}`) : value]));

function masking(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(masking);
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, masking(inner)]));
  return HIDDEN;
}
