import type { Pair } from '@core/types.ts';
import { fireEvent, screen } from '@testing-library/react';
import { useState } from 'react';
import { describe, expect, it } from 'vitest';
import { show } from '../dev/render.tsx';
import { cleanPairs, incomplete, PairFields, pairTexts } from './pairs.tsx';

const many: Pair[] = Array.from({ length: 900 }, (_, i) => ({ question: `Q${i}?`, answer: `A${i}.` }));

function Host({ start }: { start: Pair[] }) {
  const [pairs, setPairs] = useState(() => pairTexts(start));
  return (
    <>
      <PairFields pairs={pairs} onChange={setPairs} />
      <output>{JSON.stringify(cleanPairs(pairs).slice(-1))}</output>
    </>
  );
}

describe('pairs', () => {
  it('come back as they were, without blanks and empty lines', () => {
    const pairs: Pair[] = [
      { question: 'A?', answer: 'a', alternatives: ['B?', 'C?'] },
      { question: 'D?', answer: 'd' },
    ];
    expect(cleanPairs(pairTexts(pairs))).toEqual(pairs);
    expect(cleanPairs([{ no: 1, question: ' A? ', answer: 'a\n', alternatives: ' \n\n' }])).toEqual([
      { question: 'A?', answer: 'a' },
    ]);
  });

  it('name the one that lacks something', () => {
    const texts = pairTexts([...many.slice(0, 40), { question: 'X?', answer: '  ' }]);
    expect(incomplete(texts)?.question).toBe('X?');
    expect(incomplete(texts.slice(0, 40))).toBeUndefined();
  });

  it('show a page of many, and find any of them to change', async () => {
    await show(<Host start={many} />);
    expect(screen.getAllByLabelText('Question')).toHaveLength(30);
    fireEvent.change(screen.getByLabelText('Find a question'), { target: { value: 'a899' } });
    const [field] = screen.getAllByLabelText('Answer');
    if (field) fireEvent.change(field, { target: { value: 'changed' } });
    expect(screen.getByRole('status').textContent).toBe('[{"question":"Q899?","answer":"changed"}]');
  });
});
