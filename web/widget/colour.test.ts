import { contrast } from '@core/contrast.ts';
import { expect, test } from 'vitest';
import { mix, readable, shades } from './colour.ts';
import { isColour, textOn } from './paint.ts';

// A walk through all hues and brightnesses, brand colours of bad taste among them.
const many = Array.from(
  { length: 16 ** 3 },
  (_, i) => `#${i.toString(16).padStart(3, '0').replace(/./g, '$&$&')}`,
);

test('the launcher’s icon stands out on any brand colour', () => {
  const bad = many.filter((c) => contrast(textOn(c), c) < 3);
  expect(bad).toEqual([]);
});

test('every shade of any brand colour reads on its ground, light and dark', () => {
  for (const colour of many.filter((_, i) => i % 7 === 0)) {
    for (const dark of [false, true]) {
      const s = shades(colour, dark);
      expect(
        contrast(s['--on-brand'] as string, s['--brand'] as string),
        `${colour} ${dark}`,
      ).toBeGreaterThanOrEqual(4.5);
      expect(
        contrast(s['--brand-ink'] as string, s['--brand-soft'] as string),
        colour,
      ).toBeGreaterThanOrEqual(4.5);
    }
  }
});

test('mixing ends at either colour', () => {
  expect(mix('#000000', '#ffffff', 0)).toBe('#000000');
  expect(mix('#000000', '#ffffff', 1)).toBe('#ffffff');
  expect(readable('#ffffff', '#ffffff', '#000000')).not.toBe('#ffffff');
});

test.each(['red', '#fff', '#12345g', '#0f5c55;x:y', 7, undefined])('%s is no colour to paint with', (c) => {
  expect(isColour(c)).toBe(false);
});
