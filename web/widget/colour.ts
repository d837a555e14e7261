import { contrast, enough } from '@core/contrast.ts';
import { ink, textOn } from './paint.ts';

export const defaultColour = '#0f5c55';
/** Mixes two #rrggbb colours; share 0 is all a, 1 all b. */
export function mix(a: string, b: string, share: number): string {
  const at = (hex: string, i: number) => Number.parseInt(hex.slice(i, i + 2), 16);
  const part = (i: number) => Math.round(at(a, i) * (1 - share) + at(b, i) * share);
  return `#${[1, 3, 5].map((i) => part(i).toString(16).padStart(2, '0')).join('')}`;
}

/** The colour, moved towards black or white until it reads on a ground. */
export function readable(colour: string, ground: string, towards: string): string {
  for (let share = 0; share < 1; share += 0.05) {
    const mixed = mix(colour, towards, share);
    if (contrast(mixed, ground) >= enough) return mixed;
  }
  return towards;
}

/** The brand's shades for a light or a dark chat, as custom properties. */
export function shades(colour: string, dark: boolean): Record<string, string> {
  const surface = dark ? '#131a18' : '#ffffff';
  const text = dark ? ink : textOn(colour);
  const brand = readable(colour, text, text === ink ? '#ffffff' : '#000000');
  const soft = mix(brand, surface, dark ? 0.82 : 0.9);
  return {
    '--brand': brand,
    '--on-brand': text,
    '--brand-soft': soft,
    '--brand-ink': readable(brand, soft, dark ? '#ffffff' : '#000000'),
  };
}
