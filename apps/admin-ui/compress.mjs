// After `ng build`: beside each file that shrinks, its Brotli and gzip forms. The server sends them as they are and compresses nothing itself.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const FOLDER = join(import.meta.dirname, 'dist/admin-ui/browser');
const SHRINKS = /\.(?:js|css|svg|json|txt)$/;
/** Below this many bytes a packet is a packet. */
const WORTH_IT = 1_000;

for (const name of readdirSync(FOLDER, { recursive: true }).map(String).filter((one) => SHRINKS.test(one))) {
  const file = join(FOLDER, name);
  const bytes = readFileSync(file);
  if (bytes.length < WORTH_IT) continue;
  writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }));
  writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }));
}
