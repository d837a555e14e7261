/** Relative luminance (WCAG 2.2) of #rgb or #rrggbb; undefined when it is neither. */
function luminance(colour: string): number | undefined {
  const hex = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(colour.trim())?.[1];
  if (!hex) return undefined;
  const full = hex.length === 3 ? [...hex].map((c) => c + c).join('') : hex;
  const [r = 0, g = 0, b = 0] = [0, 2, 4].map((i) => {
    const v = Number.parseInt(full.slice(i, i + 2), 16) / 255;
    return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Contrast ratio from 1 to 21 of two colours; 0 when one cannot be read. */
export function contrast(a: string, b: string): number {
  const x = luminance(a);
  const y = luminance(b);
  if (x === undefined || y === undefined) return 0;
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

/** Least contrast of normal text (WCAG 1.4.3). */
export const enough = 4.5;

const ink = '#15201d';

/** Contrast on a ground of the text that reads better there, white or dark; 0 when it is no colour. */
export function bestContrast(ground: string): number {
  return Math.max(contrast(ground, '#ffffff'), contrast(ground, ink));
}
