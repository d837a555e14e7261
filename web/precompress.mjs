// Writes .br and .gz next to every built text file, because the Go standard
// library has no brotli and compressing once is cheaper than per request.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const root = join(import.meta.dirname, 'dist');
const text = /\.(js|css|svg|json|txt|webmanifest)$/;
// Pages carry a nonce per response, so a stored copy of them would be wrong.
const smallest = 512;

function walk(dir) {
  return readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
    const path = join(dir, entry.name);
    return entry.isDirectory() ? walk(path) : [path];
  });
}

let count = 0;
for (const path of walk(root).filter((p) => text.test(p))) {
  if (statSync(path).size < smallest) continue;
  const raw = readFileSync(path);
  const br = brotliCompressSync(raw, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: raw.length },
  });
  writeFileSync(`${path}.br`, br);
  writeFileSync(`${path}.gz`, gzipSync(raw, { level: 9 }));
  count++;
}
console.log(`precompressed ${count} files`);
