import type { Element } from '@xmldom/xmldom';
import { failure, type Failure } from '../../../../core/message/failure.js';
import { err, ok, type Result } from '../../../../core/message/result.js';
import type { Adapter, ConnectedEndpoint, PollContext, RenderedRequest } from '../../../contract.js';
import { MessageView } from '../../../place/message-view.js';
import type { ProposedOperations } from '../../../proposed-operations.js';
import { concealSecrets } from '../../../setting/secret-text.js';
import { secretsOf, sendWith, wayOf } from '../call.js';
import { compile } from '../compiled.js';
import { importsOf } from './definitions.js';
import { proposeOperations } from './propose.js';

const MOST_DOCUMENTS = 20;
const MOST_BYTES = 1_048_576;

const refused = (message: string): Result<never, Failure> => err(failure('target-refused', 'wsdl-unreadable', message));

/** A document, and the address from which its references are read; null where it was given as a text. */
interface Described {
  readonly root: Element;
  readonly base: string | null;
}

/**
 * Reads the WSDL of an endpoint's service, or takes one that is given, and what it imports, each by the guarded way out, and proposes its operations.
 * Credentials go to the address of the service alone. What cannot be imported is named; the rest is proposed all the same.
 */
export const propose: NonNullable<Adapter['propose']> = async (endpoint, source, context) => {
  const connected = compile(endpoint);
  const readAt = (url: string): Promise<Result<Element, Failure>> => read(url, endpoint, context);
  if ('document' in source) return proposeGiven(source.document, readAt);
  const { address } = connected.settings;
  const start = source.at ?? `${address}${address.includes('?') ? '&' : '?'}wsdl`;
  if (!URL.canParse(start, address) || new URL(start, address).origin !== new URL(address).origin) return err(failure('invalid', 'wsdl-address', `A WSDL is read from ${new URL(address).origin} alone, where the service is.`));
  const base = new URL(start, address).href;
  const found = await readAt(base);
  return found.ok ? proposeFrom({ root: found.value, base }, readAt) : found;
};

/** Proposes the operations of a WSDL while there is no endpoint whose way out could be taken: what it imports is named, not read. */
export const proposeOf: NonNullable<Adapter['proposeOf']> = (document) => proposeGiven(document, () => Promise.resolve(refused('It is read once the service is connected.')));

async function proposeGiven(document: string, readAt: (url: string) => Promise<Result<Element, Failure>>): Promise<Result<ProposedOperations, Failure>> {
  const given = rootOf(Buffer.from(document), 'text/xml; charset=utf-8');
  if (!given.ok) return err(failure('invalid', 'wsdl-unreadable', given.error.message));
  const found = await proposeFrom({ root: given.value, base: null }, readAt);
  return found.ok ? found : err(failure('invalid', 'wsdl-unreadable', found.error.message));
}

/** Follows what a document imports, and proposes what all of them describe. */
async function proposeFrom(first: Described, readAt: (url: string) => Promise<Result<Element, Failure>>): Promise<Result<ProposedOperations, Failure>> {
  const described = [first];
  const known = new Set<string>(first.base === null ? [] : [first.base]);
  const unread: string[] = [];
  for (const { root, base } of described) { // grows while it is walked
    for (const place of importsOf(root)) {
      const url = URL.canParse(place, base ?? undefined) ? new URL(place, base ?? undefined).href : null;
      if (url === null && base === null && !unread.includes(besideIt(place))) unread.push(besideIt(place));
      if (url === null || known.has(url)) continue;
      known.add(url);
      if (known.size > MOST_DOCUMENTS) {
        unread.push(`${url}: more than ${MOST_DOCUMENTS} documents are not read.`);
        continue;
      }
      const found = await readAt(url);
      if (found.ok) described.push({ root: found.value, base: url });
      else unread.push(`${url}: ${found.error.message}`);
    }
  }
  const found = proposeOperations(described.map(({ root }) => root));
  return found.operations.length === 0 && unread.length === 0 ? refused('The document describes no operation that speaks SOAP.') : ok({ ...found, unread });
}

const besideIt = (place: string): string => `${place}: it stands beside the document that was given, and was not given.`;

async function read(url: string, endpoint: ConnectedEndpoint, { http, signal }: PollContext): Promise<Result<Element, Failure>> {
  const { protocol, origin } = new URL(url);
  if (protocol !== 'http:' && protocol !== 'https:') return refused('It is at no http or https address.');
  const way = wayOf(endpoint, http, signal);
  const { connected } = way;
  const limits = { ...way.limits, maxAnswerBytes: Math.min(way.limits.maxAnswerBytes, MOST_BYTES) };
  const request = (headers: RenderedRequest['headers']): RenderedRequest => ({ method: 'GET', url, headers: { ...headers, accept: 'text/xml, application/wsdl+xml, application/xml' }, body: null });
  const outcome = origin === connected.origin ? await sendWith({ ...way, limits }, () => request(connected.headers)) : await http.call(request({ 'user-agent': 'Parley' }), limits, signal);
  if (outcome.kind === 'failed') return refused(outcome.message);
  if (outcome.status !== 200) return refused(`It was answered ${outcome.status}.`);
  return rootOf(concealSecrets(outcome.body, secretsOf(way)), outcome.headers['content-type'] ?? '');
}

function rootOf(body: Uint8Array, contentType: string): Result<Element, Failure> {
  const document = new MessageView({ body, contentType, headers: {}, status: 200 }).readXml();
  return document.ok ? ok(document.value.documentElement!) : refused(document.error.message);
}
