const gap = /‹[^‹›\n]{1,60}›/;

/** Where the first gap stands, from and to. */
export function firstGap(text: string): [number, number] | undefined {
  const hit = gap.exec(text);
  return hit ? [hit.index, hit.index + hit[0].length] : undefined;
}
