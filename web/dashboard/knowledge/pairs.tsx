import type { Pair } from '@core/types.ts';
import { Button, Field, IconButton, Input, Textarea } from '@ui';
import { memo, useCallback, useMemo, useRef, useState } from 'react';
import { useText } from '../state/i18n.ts';

/** A pair while somebody writes it: other wordings are one text, a line each. */
export type PairText = { no: number; question: string; answer: string; alternatives: string };

const step = 30; // how many forms a page shows before one asks for more

export const emptyPair = (no: number): PairText => ({ no, question: '', answer: '', alternatives: '' });

export const pairTexts = (pairs: Pair[]): PairText[] =>
  pairs.map((p, i) => ({
    no: i + 1,
    question: p.question,
    answer: p.answer,
    alternatives: (p.alternatives ?? []).join('\n'),
  }));

export function cleanPairs(pairs: PairText[]): Pair[] {
  return pairs.map((p) => {
    const alternatives = p.alternatives
      .split('\n')
      .map((x) => x.trim())
      .filter(Boolean);
    return {
      question: p.question.trim(),
      answer: p.answer.trim(),
      ...(alternatives.length ? { alternatives } : {}),
    };
  });
}

/** The first pair that lacks something; the browser cannot say it of one that is not shown. */
export const incomplete = (pairs: PairText[]): PairText | undefined =>
  pairs.find((p) => !p.question.trim() || !p.answer.trim());

/** Questions with their answers, as many as there are: shown a page at a time, found by their words. */
export function PairFields({
  pairs,
  onChange,
}: {
  pairs: PairText[];
  onChange: (change: (old: PairText[]) => PairText[]) => void;
}) {
  const { t, format, language } = useText();
  const [shown, setShown] = useState(step);
  const [find, setFind] = useState('');
  const next = useRef(pairs.reduce((most, p) => Math.max(most, p.no), 0) + 1);
  const many = pairs.length > step;
  const wanted = find.trim().toLocaleLowerCase(language);
  const hits = useMemo(() => {
    if (!wanted) return pairs;
    return pairs.filter((p) => `${p.question}\n${p.answer}`.toLocaleLowerCase(language).includes(wanted));
  }, [pairs, wanted, language]);
  const change = useCallback(
    (no: number, part: Partial<PairText>) =>
      onChange((old) => old.map((p) => (p.no === no ? { ...p, ...part } : p))),
    [onChange],
  );
  const remove = useCallback((no: number) => onChange((old) => old.filter((p) => p.no !== no)), [onChange]);
  const add = () => {
    const fresh = emptyPair(next.current++);
    setFind('');
    setShown(Math.max(shown, pairs.length + 1));
    onChange((old) => [...old, fresh]);
  };
  const place = new Map(pairs.map((p, i) => [p.no, i + 1]));
  return (
    <>
      {many ? (
        <Field
          label={t('knowledge.find_pair')}
          hint={t('knowledge.pairs_found', {
            n: format.number(hits.length),
            all: format.number(pairs.length),
          })}
        >
          <Input type="search" value={find} dir="auto" onChange={(e) => setFind(e.target.value)} />
        </Field>
      ) : null}
      {hits.slice(0, shown).map((p) => (
        <PairForm
          key={p.no}
          p={p}
          place={place.get(p.no) ?? 0}
          alone={pairs.length === 1}
          onChange={change}
          onRemove={remove}
        />
      ))}
      <div className="flex flex-wrap gap-2">
        <Button icon="plus" onClick={add}>
          {t('add.more_pairs')}
        </Button>
        {hits.length > shown ? (
          <Button kind="ghost" onClick={() => setShown(shown + step)}>
            {t('app.more')}
          </Button>
        ) : null}
      </div>
    </>
  );
}

const PairForm = memo(function PairForm({
  p,
  place,
  alone,
  onChange,
  onRemove,
}: {
  p: PairText;
  place: number;
  alone: boolean;
  onChange: (no: number, part: Partial<PairText>) => void;
  onRemove: (no: number) => void;
}) {
  const { t } = useText();
  return (
    <fieldset className="relative flex flex-col gap-3 rounded-medium border border-line p-3.5">
      <legend className="sr-only">{t('add.pair', { n: place })}</legend>
      <Field label={t('add.question')} className="pe-9">
        <Input
          value={p.question}
          required
          dir="auto"
          maxLength={500}
          onChange={(e) => onChange(p.no, { question: e.target.value })}
        />
      </Field>
      <Field label={t('add.answer')}>
        <Textarea
          value={p.answer}
          maxLength={4000}
          required
          dir="auto"
          rows={3}
          onChange={(e) => onChange(p.no, { answer: e.target.value })}
        />
      </Field>
      <Field label={t('add.alternatives')} hint={t('add.alternatives_hint')}>
        <Textarea
          value={p.alternatives}
          dir="auto"
          rows={2}
          onChange={(e) => onChange(p.no, { alternatives: e.target.value })}
        />
      </Field>
      {alone ? null : (
        <IconButton
          icon="trash"
          size="s"
          label={t('add.remove_pair', { n: place })}
          className="absolute end-2 top-2"
          onClick={() => onRemove(p.no)}
        />
      )}
    </fieldset>
  );
});
