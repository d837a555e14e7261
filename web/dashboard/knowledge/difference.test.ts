import { describe, expect, it } from 'vitest';
import { differing, pieces } from './difference.ts';

describe('differing', () => {
  it('names the figures that the other side does not have, however they are written', () => {
    expect(differing('Within 14 days, for 5 EUR.', 'Within 30 days, for 5 EUR.')).toEqual(['14']);
    expect(differing('It costs 1 249 EUR.', 'It costs 1249 EUR.')).toEqual([]);
    expect(differing('It costs 249.00 EUR.', 'It costs 249 EUR.')).toEqual([]);
    expect(differing('Open from 9:00 to 18:00.', 'Open from 10:00 to 18:00.')).toEqual(['9:00']);
  });
});

describe('pieces', () => {
  it('marks the sentence and its figures within the passage', () => {
    const text = 'Unworn only. You can return within 14 days. Keep the label.';
    const cut = pieces(text, 'You can return within 14 days.', 'Return within 30 days.');
    expect(cut.map((p) => p.text).join('')).toBe(text);
    expect(cut.filter((p) => p.differs).map((p) => p.text)).toEqual(['14']);
    expect(cut.filter((p) => !p.said).map((p) => p.text)).toEqual(['Unworn only. ', ' Keep the label.']);
  });

  it('shows a sentence that is not there any more by itself, and little of a long passage', () => {
    expect(pieces('Something else.', 'It ends today.', '')).toEqual([
      { text: 'It ends today.', said: true, differs: false },
    ]);
    const long = pieces(`${'word '.repeat(200)}It ends today.${' word'.repeat(200)}`, 'It ends today.', '');
    expect(long.map((p) => p.text.length).reduce((a, b) => a + b)).toBeLessThan(400);
    expect(long.at(-1)?.text.endsWith('…')).toBe(true);
  });
});
