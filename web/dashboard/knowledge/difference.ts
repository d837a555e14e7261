/** A piece of a text: said by the sentence that a finding is about, and differing from the other side's. */
export type Piece = { text: string; said: boolean; differs: boolean };

const figure = /\d(?:[\d.,:'’\u00a0 ]*\d)?/g;
const around = 160; // characters beside the sentence that are shown

const plain = (figure: string) =>
  figure.replace(/['’\u00a0 ]/g, '').replace(/[.,:]?0+$/, (z) => (/[.,]/.test(z[0] ?? '') ? '' : z));

/** The figures of a sentence that another sentence does not have. */
export function differing(said: string, other: string): string[] {
  const known = new Set((other.match(figure) ?? []).map(plain));
  return [...new Set((said.match(figure) ?? []).filter((f) => !known.has(plain(f))))];
}

/** Cut a passage into what stands around its sentence, and that sentence with the figures that differ. */
export function pieces(text: string, said: string, other: string): Piece[] {
  const at = said ? text.indexOf(said) : -1;
  const before = at < 0 ? '' : shorten(text.slice(0, at), 'start');
  const after = at < 0 ? '' : shorten(text.slice(at + said.length), 'end');
  const marks = other ? differing(said, other) : [];
  const all: Piece[] = [];
  const put = (piece: string, isSaid: boolean, differs: boolean) => {
    if (piece) all.push({ text: piece, said: isSaid, differs });
  };
  put(before, false, false);
  let from = 0;
  for (const hit of said.matchAll(figure)) {
    if (!marks.includes(hit[0])) continue;
    put(said.slice(from, hit.index), true, false);
    put(hit[0], true, true);
    from = hit.index + hit[0].length;
  }
  put(said.slice(from), true, false);
  put(after, false, false);
  return all;
}

/** Keeps the end of what stands before, and the beginning of what stands after, at whole words. */
function shorten(text: string, side: 'start' | 'end'): string {
  if (text.length <= around) return text;
  if (side === 'start') {
    const cut = text.slice(-around);
    return `… ${cut.slice(cut.indexOf(' ') + 1)}`;
  }
  const cut = text.slice(0, around);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), 1))} …`;
}
