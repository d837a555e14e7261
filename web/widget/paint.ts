export const isColour = (s: unknown): s is string => typeof s === 'string' && /^#[0-9a-f]{6}$/i.test(s);

export const ink = '#15201d';

/** Up to this relative luminance white reads better than ink. */
const whiteReads = 0.1985;

/** The text colour that reads better on a ground, for #rrggbb. Small, because the loader carries it. */
export function textOn(ground: string): string {
  const [r, g, b] = [1, 3, 5].map((i) => (Number.parseInt(ground.slice(i, i + 2), 16) / 255) ** 2.2) as [
    number,
    number,
    number,
  ];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b <= whiteReads ? '#ffffff' : ink;
}
