import { safeUrl } from './format.ts';

export type Part =
  | { kind: 'text'; text: string }
  | { kind: 'link'; text: string; url: string }
  | { kind: 'ref'; n: number };

const pattern = /(https?:\/\/[^\s<>"']+)|\[(\d{1,2})\]/g;

/** Cuts a message into text, links and source marks; nothing in it is ever markup. */
export function parts(body: string, refs: ReadonlySet<number> = new Set()): Part[] {
  const found: Part[] = [];
  let at = 0;
  const text = (to: number) => {
    if (to > at) found.push({ kind: 'text', text: body.slice(at, to) });
  };
  for (const m of body.matchAll(pattern)) {
    const start = m.index;
    if (m[2]) {
      const n = Number(m[2]);
      if (!refs.has(n)) continue;
      text(start);
      found.push({ kind: 'ref', n });
      at = start + m[0].length;
      continue;
    }
    // A full stop or bracket after an address belongs to the sentence.
    const address = m[0].replace(/[.,;:!?)\]}]+$/, '');
    const url = safeUrl(address);
    if (!url) continue;
    text(start);
    found.push({ kind: 'link', text: address, url });
    at = start + address.length;
  }
  text(body.length);
  return found;
}
