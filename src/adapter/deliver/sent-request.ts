import type { Adapter, ConnectedEndpoint, OutboundDelivery, OutboundHttp, RenderedRequest } from '../contract.js';
import { valueAt, withValueAt } from '../endpoint/json-place.js';
import { secretPointers } from '../setting/check-settings.js';
import { concealIn, secretForms } from '../setting/secret-text.js';

/** A request as it was sent, as far as it may be kept: no secret is in it. */
export interface SentRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Text, cut to 16 kB; null where there was none or it was no text. */
  readonly body: string | null;
  /** Of the whole body. */
  readonly bodyBytes: number;
  /** How many requests of the attempt went before it. */
  readonly earlier: number;
}

const HIDDEN = '[hidden]';
const MOST_KEPT = 16_384;
/** A secret that lies across the cut is found in what is read beyond it. */
const BEYOND = 8_192;
const MOST_URL = 2_048;
/** Say nothing of who we are, whoever adds them. */
const HARMLESS = new Set(['accept', 'content-type', 'content-length', 'user-agent', 'soapaction', 'if-match', 'if-none-match', 'prefer', 'idempotency-key', 'x-http-method-override']);
const PROOF = new Set(['authorization', 'proxy-authorization', 'cookie']);

/** A way out that remembers the last request of an attempt. */
export class SentRequests {
  private last: RenderedRequest | null = null;
  private calls = 0;
  readonly http: OutboundHttp;

  /** Logins are not of the attempt: they have time limits of their own, not its signal. */
  constructor(http: OutboundHttp, signal: AbortSignal) {
    this.http = {
      call: (request, limits, by) => {
        if (by === signal) {
          this.last = request;
          this.calls++;
        }
        return http.call(request, limits, by);
      },
      address: (host, port) => http.address(host, port),
      mayCall: () => http.mayCall?.() ?? true,
    };
  }

  /** What is kept of the last one; null where no request was made. */
  kept(delivery: OutboundDelivery, endpoint: ConnectedEndpoint & { readonly adapter: Adapter }): SentRequest | null {
    return this.last === null ? null : withoutSecrets(this.last, { delivery, endpoint, earlier: this.calls - 1 });
  }
}

interface Sent {
  readonly delivery: OutboundDelivery;
  readonly endpoint: ConnectedEndpoint & { readonly adapter: Adapter };
  readonly earlier: number;
}

/**
 * Hides what is secret: values of secret settings in every form, and of headers whatever is not also there when the request is made without secrets:
 * tokens that were fetched, signatures.
 */
function withoutSecrets({ method, url, headers, body }: RenderedRequest, { delivery, endpoint, earlier }: Sent): SentRequest {
  const settings = endpoint.settings;
  const pointers = secretPointers(endpoint.adapter.settings, settings);
  const conceal = concealing(pointers.map((pointer) => valueAt(settings, pointer)));
  const harmless = headersWithoutSecrets(delivery, { ...endpoint, settings: pointers.reduce((masked, pointer) => withValueAt(masked, pointer, HIDDEN), settings) }, endpoint.adapter);
  const shown = Object.entries(headers).map(([name, value]) => {
    const folded = name.toLowerCase();
    if (PROOF.has(folded)) return [name, folded === 'cookie' ? HIDDEN : value.replace(/^(\S+\s)?.*$/s, `$1${HIDDEN}`)];
    return [name, HARMLESS.has(folded) || harmless.has(`${folded}: ${value}`) ? conceal(value) : HIDDEN];
  });
  return { method, url: conceal(url).slice(0, MOST_URL), headers: Object.fromEntries(shown) as Record<string, string>, body: body === null ? null : textOf(body, conceal), bodyBytes: body?.byteLength ?? 0, earlier };
}

/** Headers as they are made with a word in the place of each secret; nothing where a kind needs a real key for that. */
function headersWithoutSecrets(delivery: OutboundDelivery, masked: ConnectedEndpoint, { outbound }: Adapter): ReadonlySet<string> {
  try {
    const rendered = outbound.render(delivery, masked);
    const all = [...(rendered.ok ? [rendered.value] : []), ...(outbound.preview?.(delivery, masked) ?? []).flatMap(({ request }) => request ?? [])];
    return new Set(all.flatMap(({ headers }) => Object.entries(headers).map(([name, value]) => `${name.toLowerCase()}: ${value}`)));
  } catch {
    return new Set();
  }
}

/** Long secrets wherever they stand, also in XML and forms; short ones, which stand in ordinary words too, only by themselves. */
function concealing(values: readonly unknown[]): (text: string) => string {
  const secrets = values.flatMap(textsIn).filter((text) => text !== '');
  const forms = secretForms([...secrets, ...secrets.map(inXml), ...secrets.map(inForm)]);
  const short = secrets.filter((secret) => secret.length < 4).map((secret) => new RegExp(`(?<![\\p{L}\\p{N}])${secret.replace(SYNTAX, '\\$&')}(?![\\p{L}\\p{N}])`, 'gu'));
  return (text) => short.reduce((shown, pattern) => shown.replace(pattern, '***'), concealIn(text, forms));
}

const SYNTAX = /[.*+?^${}()|[\]\\/]/g;
const textsIn = (value: unknown): string[] => (typeof value === 'string' ? [value] : typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : []);
const inForm = (text: string): string => new URLSearchParams({ '': text }).toString().slice(1);
const inXml = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll('\'', '&apos;');

function textOf(body: Uint8Array, conceal: (text: string) => string): string | null {
  try {
    // A character that the cut divides is left out.
    return conceal(new TextDecoder('utf-8', { fatal: true }).decode(body.subarray(0, MOST_KEPT + BEYOND), { stream: true })).slice(0, MOST_KEPT).toWellFormed();
  } catch {
    return null;
  }
}
