import type { Element } from '@xmldom/xmldom';
import { failure, type Failure } from '../../../../core/message/failure.js';
import { err, ok, type Result } from '../../../../core/message/result.js';
import type { Adapter, ConnectedEndpoint, PollContext } from '../../../contract.js';
import { MessageView } from '../../../place/message-view.js';
import { deliverySettings } from '../../../setting/delivery-settings.js';
import { concealSecrets } from '../../../setting/secret-text.js';
import { compile, type CompiledEndpoint } from '../compiled.js';
import { importsOf } from './definitions.js';
import { proposeOperations } from './propose.js';

const MOST_DOCUMENTS = 20;
const MOST_BYTES = 1_048_576;

const refused = (message: string): Result<never, Failure> => err(failure('target-refused', 'wsdl-unreadable', message));

/**
 * Reads the WSDL of an endpoint's service and what it imports, each by the guarded way out, and proposes its operations. Credentials go to the
 * address of the service alone. What cannot be imported is named; the rest is proposed all the same.
 */
export const propose: NonNullable<Adapter['propose']> = async (endpoint, at, context) => {
  const connected = compile(endpoint);
  const { address } = connected.settings;
  const start = at ?? `${address}${address.includes('?') ? '&' : '?'}wsdl`;
  if (!URL.canParse(start, address) || new URL(start, address).origin !== new URL(address).origin) return err(failure('invalid', 'wsdl-address', `A WSDL is read from ${new URL(address).origin} alone, where the service is.`));
  const waiting = [new URL(start, address).href];
  const known = new Set(waiting);
  const roots: Element[] = [];
  const unread: string[] = [];
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const found = await read(next, connected, endpoint, context);
    if (!found.ok) {
      if (roots.length === 0) return found;
      unread.push(`${next}: ${found.error.message}`);
      continue;
    }
    roots.push(found.value);
    for (const place of importsOf(found.value)) {
      const url = URL.canParse(place, next) ? new URL(place, next).href : null;
      if (url === null || known.has(url)) continue;
      known.add(url);
      if (known.size > MOST_DOCUMENTS) unread.push(`${url}: more than ${MOST_DOCUMENTS} documents are not read.`);
      else waiting.push(url);
    }
  }
  const found = proposeOperations(roots);
  return found.operations.length === 0 && unread.length === 0 ? refused('The document describes no operation that speaks SOAP.') : ok({ ...found, unread });
};

async function read(url: string, { settings, headers, secrets }: CompiledEndpoint, endpoint: ConnectedEndpoint, { http, signal }: PollContext): Promise<Result<Element, Failure>> {
  const { protocol, origin } = new URL(url);
  if (protocol !== 'http:' && protocol !== 'https:') return refused('It is at no http or https address.');
  const { limits } = deliverySettings(endpoint.settings);
  const own = origin === new URL(settings.address).origin ? headers : { 'user-agent': 'Parley' };
  const outcome = await http.call({ method: 'GET', url, headers: { ...own, accept: 'text/xml, application/wsdl+xml, application/xml' }, body: null }, { ...limits, maxAnswerBytes: Math.min(limits.maxAnswerBytes, MOST_BYTES) }, signal);
  if (outcome.kind === 'failed') return refused(outcome.message);
  if (outcome.status !== 200) return refused(`It was answered ${outcome.status}.`);
  const view = new MessageView({ body: concealSecrets(outcome.body, secrets), contentType: outcome.headers['content-type'] ?? '', headers: outcome.headers, status: outcome.status });
  const document = view.readXml();
  return document.ok ? ok(document.value.documentElement!) : refused(document.error.message);
}
