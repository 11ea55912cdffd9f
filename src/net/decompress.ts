import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw, zstdDecompress } from 'node:zlib';
import type { Outcome } from './call.js';

const gunzipped = promisify(gunzip);
const inflated = promisify(inflate);
const inflatedRaw = promisify(inflateRaw);
const unbrotlied = promisify(brotliDecompress);
const unzstded = promisify(zstdDecompress);

/** Encodings on top of each other; nobody honest has more than one. */
const MOST_LAYERS = 2;

/**
 * Undoes the content encoding of an answer. Nothing asks for one, but some targets send it all the same. What grows beyond
 * `maxBytes` is refused before it is in memory.
 */
export async function decompress(outcome: Outcome, maxBytes: number): Promise<Outcome> {
  if (outcome.kind === 'failed') return outcome;
  const { 'content-encoding': given, ...headers } = outcome.headers;
  const layers = (given ?? '').split(',').map((one) => one.trim().toLowerCase()).filter((one) => one !== '' && one !== 'identity');
  if (layers.length === 0 || outcome.body.byteLength === 0) return outcome;
  if (layers.length > MOST_LAYERS) return { kind: 'failed', reason: 'garbage', message: 'The answer is compressed more often than anybody reads.', written: true };
  let body: Uint8Array = outcome.body;
  try {
    for (const layer of layers.reverse()) body = await undo(layer, body, maxBytes);
  } catch (error) {
    const isLarge = (error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE';
    return isLarge
      ? { kind: 'failed', reason: 'answer-too-large', message: `The answer is larger than ${maxBytes} bytes when it is decompressed.`, written: true }
      : { kind: 'failed', reason: 'garbage', message: 'The answer is compressed in a way that cannot be read.', written: true };
  }
  return { ...outcome, headers, body };
}

async function undo(encoding: string, body: Uint8Array, maxOutputLength: number): Promise<Uint8Array> {
  const limit = { maxOutputLength };
  switch (encoding) {
    case 'gzip': case 'x-gzip': return gunzipped(body, limit);
    case 'br': return unbrotlied(body, limit);
    case 'zstd': return unzstded(body, limit);
    // Meant is zlib (RFC 9110); some servers send the bare stream.
    case 'deflate': return ((body[0] ?? 0) & 0x0f) === 8 ? inflated(body, limit) : inflatedRaw(body, limit);
    default: throw new Error('unknown encoding');
  }
}
