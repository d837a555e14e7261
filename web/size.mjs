// Byte budgets of the front end (product.md, figures). Exits 1 above one.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const dist = join(import.meta.dirname, 'dist');
const KB = 1024;

function gz(path) {
  return gzipSync(readFileSync(path), { level: 9 }).length;
}

/**
 * JavaScript the first load of the dashboard fetches: the entry and what it names as preload.
 * 180.1 KB on 2026-11-22 (vendor 131.9, ours 42.2, English 5.6); joining fifty chunks freed 19.8.
 */
function firstLoad() {
  const page = readFileSync(join(dist, 'app.html'), 'utf8');
  const files = new Set([...page.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)].map((m) => m[1]));
  // A static import inside the entry is fetched at once as well.
  for (const file of files) {
    const code = readFileSync(join(dist, file), 'utf8');
    for (const m of code.matchAll(/(?:from|import)\s*["']\.\/([^"']+\.js)["']/g)) files.add(`assets/${m[1]}`);
  }
  // One language and the screen one lands on come with the first load.
  const names = readdirSync(join(dist, 'assets'));
  for (const start of ['en-', 'tr-', 'inbox-']) {
    const hit = names.filter((n) => n.startsWith(start) && n.endsWith('.js'));
    if (start !== 'tr-') for (const n of hit) files.add(`assets/${n}`);
  }
  return [...files].reduce((sum, f) => sum + gz(join(dist, f)), 0);
}

function widget(ext, pick) {
  const dir = join(dist, 'w');
  if (!existsSync(dir)) return undefined;
  const walk = (d) =>
    readdirSync(d, { withFileTypes: true }).flatMap((e) =>
      e.isDirectory() ? walk(join(d, e.name)) : [join(d, e.name)],
    );
  const files = walk(dir).filter((f) => ext.test(f) && pick(f));
  return files.length ? files.reduce((sum, f) => sum + gz(f), 0) : undefined;
}

const loader = (f) => /widget\.js$/.test(f);
const rows = [
  ['dashboard first load, js', firstLoad(), 200 * KB],
  ['widget loader', widget(/\.js$/, loader), 4 * KB],
  ['widget chat, js + css', widget(/\.(js|css)$/, (f) => !loader(f)), 22 * KB],
];

let over = false;
for (const [name, bytes, limit] of rows) {
  if (bytes === undefined) {
    console.log(`${name.padEnd(28)} not built`);
    over = true;
    continue;
  }
  const bad = bytes > limit;
  over ||= bad;
  console.log(
    `${name.padEnd(28)} ${(bytes / KB).toFixed(2).padStart(7)} KB gz of ${limit / KB} KB${bad ? '  TOO BIG' : ''}`,
  );
}
process.exit(over ? 1 : 0);
