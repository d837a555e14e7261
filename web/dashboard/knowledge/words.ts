/** What is wrong with groups of words, as they are typed: a group a line, commas between. */
export type Groups = { groups: string[][]; alone: string | undefined };

const most = 20;

/** Groups out of lines. `alone` is the first line that names fewer than two words or too many. */
export function groupsOf(text: string): Groups {
  const groups = text
    .split('\n')
    .map((line) => [
      ...new Set(
        line
          .split(/[,;،]/)
          .map((w) => w.trim())
          .filter(Boolean),
      ),
    ])
    .filter((g) => g.length > 0);
  return { groups, alone: groups.find((g) => g.length < 2 || g.length > most)?.join(', ') };
}

export const textOf = (groups: string[][]): string => groups.map((g) => g.join(', ')).join('\n');
