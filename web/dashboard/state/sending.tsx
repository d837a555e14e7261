import { asProblem } from '@core/problem.ts';
import { Banner } from '@ui';
import { useEffect, useState } from 'react';
import { useText } from './i18n.ts';
import { problemText } from './problem.ts';

/**
 * A form on its way. What the server refuses stands at its field when the form
 * shows that field (`shown`), else in `rest`; the first such field gets the focus.
 */
export function useSending(...shown: string[]) {
  const { t } = useText();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const send = async <R,>(run: () => Promise<R>): Promise<R | undefined> => {
    setBusy(true);
    setProblem(null);
    try {
      return await run();
    } catch (err) {
      setProblem(err);
      return undefined;
    } finally {
      setBusy(false);
    }
  };
  useEffect(() => {
    if (problem) document.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }, [problem]);
  const { fields } = asProblem(problem);
  const text = problem ? problemText(t, problem) : '';
  const placed = shown.some((name) => name in fields);
  return {
    busy,
    send,
    at: (name: string) => (problem && name in fields ? text : undefined),
    rest: placed ? '' : text,
  };
}

/** Why a form was refused, where no field of it is to blame. */
export function Refused({ text }: { text: string }) {
  if (!text) return null;
  return (
    <Banner tone="bad" icon="alert" box role="alert">
      {text}
    </Banner>
  );
}
