import { err, ok, type Result } from '../../../core/message/result.js';
import type { CallOutcome, Completed, ConnectedEndpoint, OutboundHttp, PollContext } from '../../contract.js';
import { deliverySettings } from '../../setting/delivery-settings.js';
import type { AuthorizedHttp } from './authorized.js';
import type { CompiledEndpoint } from './compiled.js';
import type { Completion } from './completion.js';

/** Bytes of all files of one request that are fetched. */
const MOST_FILE_BYTES = 25 * 1_048_576;
/** Addresses that one file may be passed on to. */
const MOST_REDIRECTS = 3;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** With what an endpoint's own system is asked, and others are. */
export interface Fetching {
  readonly endpoint: ConnectedEndpoint;
  readonly connected: CompiledEndpoint;
  readonly context: PollContext;
  readonly http: AuthorizedHttp;
}

/** Fetches files. One that is not there, or too large, is left out: the message is worth more than its file. */
export async function fetchFiles(addresses: readonly string[], fetching: Fetching): Promise<Result<Completion['files'], Completed>> {
  const files: Record<string, Completion['files'][string]> = {};
  let left = MOST_FILE_BYTES;
  for (const address of addresses) {
    const url = addressOf(address, `${fetching.connected.baseUrl}/`);
    if (url === null || left <= 0) continue;
    const outcome = await fetchFile(url, left, fetching);
    if (outcome.kind === 'failed' && outcome.reason !== 'answer-too-large' && outcome.reason !== 'egress') return err({ kind: 'failed', error: `A file could not be fetched: ${outcome.message}`, isFinal: false });
    if (outcome.kind === 'failed') continue;
    if (outcome.status === 401 || outcome.status === 408 || outcome.status === 429 || outcome.status >= 500) return err({ kind: 'failed', error: `A file could not be fetched: the target answered ${outcome.status}.`, isFinal: false });
    if (outcome.status !== 200) continue;
    left -= outcome.body.byteLength;
    files[address] = { contentType: outcome.headers['content-type'] ?? 'application/octet-stream', contentBase64: Buffer.from(outcome.body).toString('base64') };
  }
  return ok(files);
}

const addressOf = (address: string, base: string): URL | null => (URL.canParse(address, base) ? new URL(address, base) : null);

/** Systems that keep files elsewhere pass on to there. A path that began encrypted stays so. */
async function fetchFile(from: URL, mostBytes: number, fetching: Fetching): Promise<CallOutcome> {
  let url = from;
  for (let passed = 0; ; passed++) {
    const outcome = await ask(url, mostBytes, fetching);
    if (outcome.kind === 'failed' || !REDIRECTS.has(outcome.status) || passed >= MOST_REDIRECTS) return outcome;
    const next = addressOf(outcome.headers['location'] ?? '', url.href);
    if (next === null || !/^https?:$/.test(next.protocol) || (url.protocol === 'https:' && next.protocol !== 'https:')) return outcome;
    url = next;
  }
}

function ask(url: URL, mostBytes: number, { endpoint, connected, context, http }: Fetching): Promise<CallOutcome> {
  // Our credentials go to the system that they are for, and nowhere else.
  const isTheirs = url.origin === new URL(connected.baseUrl).origin;
  const request = { method: 'GET', url: url.href, headers: isTheirs ? { ...connected.headers, accept: '*/*' } : { accept: '*/*', 'user-agent': 'Parley' }, body: null };
  const client: Pick<OutboundHttp, 'call'> = isTheirs ? http : context.http;
  return client.call(request, { ...deliverySettings(endpoint.settings).limits, maxAnswerBytes: mostBytes }, context.signal);
}
