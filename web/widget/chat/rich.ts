import { safeUrl } from '@core/format.ts';

/** at: where the part begins in the message. */
export type Part = { at: number; text: string } & (
  | { kind: 'text' }
  | { kind: 'bold' }
  | { kind: 'link'; url: string }
);

const pattern =
  /\*\*([^*\n]{1,500})\*\*|\[([^\]\n]{1,300})\]\((https?:\/\/[^\s<>"')]+)\)|https?:\/\/[^\s<>"']+/g;

/** Cuts a message into text, bold and links; nothing in it is ever markup. */
export function parts(body: string): Part[] {
  const out: Part[] = [];
  let at = 0;
  const upTo = (end: number) => {
    if (end > at) out.push({ at, kind: 'text', text: body.slice(at, end) });
  };
  for (const m of body.matchAll(pattern)) {
    let end = m.index + m[0].length;
    let part: Part;
    if (m[1] !== undefined) {
      part = { at: m.index, kind: 'bold', text: m[1] };
    } else {
      // A full stop or bracket after an address belongs to the sentence.
      const address = m[3] ?? m[0].replace(/[.,;:!?)\]}*]+$/, '');
      const url = safeUrl(address);
      if (!url) continue;
      if (m[3] === undefined) end = m.index + address.length;
      part = { at: m.index, kind: 'link', text: m[2] ?? address, url };
    }
    upTo(m.index);
    out.push(part);
    at = end;
  }
  upTo(body.length);
  return out;
}
