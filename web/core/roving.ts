/** Where the cursor of a list stands and which rows are ticked. */
export type Roving = { cursor: string; ticked: ReadonlySet<string> };

/** The id `by` rows further, kept inside the list; the first row when the cursor is lost. */
export function moved(ids: string[], cursor: string, by: number): string {
  if (ids.length === 0) return '';
  const at = ids.indexOf(cursor);
  if (at < 0) return ids[0] ?? '';
  return ids[Math.min(ids.length - 1, Math.max(0, at + by))] ?? '';
}

export function ticked(now: Roving, id: string): Roving {
  const next = new Set(now.ticked);
  if (!next.delete(id)) next.add(id);
  return { cursor: id, ticked: next };
}

/** Ticks the row the cursor leaves and the one it comes to. */
export function extended(ids: string[], now: Roving, by: number): Roving {
  const to = moved(ids, now.cursor, by);
  return { cursor: to, ticked: new Set([...now.ticked, now.cursor, to].filter((id) => ids.includes(id))) };
}

/** The row to go to when some rows leave the list: the next that stays, else the one before. */
export function neighbour(ids: string[], leaving: ReadonlySet<string>, cursor: string): string {
  const at = ids.indexOf(cursor);
  const after = ids.slice(at + 1).find((id) => !leaving.has(id));
  if (after) return after;
  return (
    ids
      .slice(0, Math.max(0, at))
      .reverse()
      .find((id) => !leaving.has(id)) ?? ''
  );
}
