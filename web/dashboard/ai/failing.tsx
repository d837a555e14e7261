import { Link } from '@tanstack/react-router';
import { Banner, Button, Input } from '@ui';
import { type FormEvent, useState } from 'react';
import { useText } from '../state/i18n.ts';

/** Tests that would fail: something else is saved, or this with a reason that is recorded. */
export function Failing({
  questions,
  busy,
  label,
  onSave,
}: {
  questions: string[];
  busy: boolean;
  /** What is done all the same; without it edits are saved, which can be compared first. */
  label?: string;
  onSave: (override: string) => Promise<unknown>;
}) {
  const { t } = useText();
  const [why, setWhy] = useState('');
  const submit = (e: FormEvent) => {
    e.preventDefault();
    if (why.trim()) void onSave(why.trim());
  };
  return (
    <Banner tone="bad" icon="alert" box role="alert">
      <p className="font-semibold">{t('agent.save.tests', { count: questions.length })}</p>
      <ul className="list-disc ps-4">
        {questions.slice(0, 5).map((x) => (
          <li key={x} dir="auto">
            {x}
          </li>
        ))}
      </ul>
      {questions.length > 5 ? <p>{t('agent.save.more_tests', { count: questions.length - 5 })}</p> : null}
      {label ? null : (
        <Link
          to="/ai/{-$tab}"
          params={{ tab: 'replay' }}
          className="font-medium underline underline-offset-2"
        >
          {t('agent.save.compare')}
        </Link>
      )}
      <form onSubmit={submit} className="mt-1.5 flex flex-wrap gap-2">
        <Input
          aria-label={t('agent.save.why')}
          placeholder={t('agent.save.why')}
          value={why}
          maxLength={500}
          dir="auto"
          onChange={(e) => setWhy(e.target.value)}
          className="min-w-40 flex-1"
        />
        <Button kind="danger" type="submit" busy={busy} disabled={!why.trim()}>
          {label ?? t('agent.save.all_the_same')}
        </Button>
      </form>
    </Banner>
  );
}

/** The questions of a refusal because tests fail; undefined where it is another one. */
export function failedTests(problem: { code: string; body: unknown }): string[] | undefined {
  if (problem.code !== 'tests_failed') return undefined;
  const { errors = [] } = problem.body as { errors?: { message: string }[] };
  return errors.map((x) => x.message);
}
