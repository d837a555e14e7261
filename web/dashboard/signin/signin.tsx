import { session } from '@core/api.ts';
import { key } from '@core/merge.ts';
import { asProblem, type Problem } from '@core/problem.ts';
import type { Me } from '@core/types.ts';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Banner, Button, Field, Input } from '@ui';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { PasswordInput } from '../shell/password.tsx';
import { problemText } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { type Choice, ChooseWorkspace } from './choose.tsx';
import { dropsCookie, Outside, PlainHttp } from './frame.tsx';
import { OtherWays } from './ways.tsx';

function workspacesOf(p: Problem): Choice[] {
  return Array.isArray(p.body.workspaces) ? (p.body.workspaces as Choice[]) : [];
}

export function SignIn() {
  const { t } = useText();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { to } = useSearch({ from: '/sign-in' });
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [choices, setChoices] = useState<Choice[]>([]);
  const passwordField = useRef<HTMLInputElement>(null);
  const wait = useCountdown(problem?.status === 429 ? problem : null);

  const goIn = async (me: Me) => {
    client.clear();
    client.setQueryData<Me>(key.me, me);
    await navigate({ to: to ?? '/', replace: true });
  };
  const enter = async (workspace?: string) => {
    setBusy(true);
    setProblem(null);
    try {
      const me = await session.signIn({
        email: email.trim(),
        password,
        ...(workspace ? { workspace_id: workspace } : {}),
      });
      await goIn(me);
    } catch (err) {
      const p = asProblem(err);
      if (p.code === 'choose_workspace') return setChoices(workspacesOf(p));
      setChoices([]);
      setProblem(p);
      if (p.code === 'sign_in_failed') passwordField.current?.select();
    } finally {
      setBusy(false);
    }
  };
  const submit = (e: FormEvent) => {
    e.preventDefault();
    void enter();
  };

  if (choices.length) {
    return (
      <ChooseWorkspace
        text={t('signin.choose_text', { email })}
        choices={choices}
        busy={busy}
        onChoose={(id) => void enter(id)}
        onBack={() => setChoices([])}
      />
    );
  }
  return (
    <Outside title={t('signin.title')} text={t('signin.text')}>
      {dropsCookie(window.location) ? <PlainHttp /> : null}
      <form className="flex flex-col gap-4" onSubmit={submit}>
        <Field label={t('signin.email')}>
          <Input
            type="email"
            name="email"
            autoComplete="username"
            required
            value={email}
            onChange={(e) => setEmail(e.target.value)}
            className="h-10!"
          />
        </Field>
        <Field label={t('signin.password')}>
          <PasswordInput
            ref={passwordField}
            name="password"
            autoComplete="current-password"
            value={password}
            onChange={(e) => setPassword(e.target.value)}
            className="h-10!"
          />
        </Field>
        {problem ? (
          <Banner tone="bad" icon="alert" box role="alert">
            {wait > 0 ? t('signin.wait', { count: wait }) : problemText(t, problem)}
          </Banner>
        ) : null}
        <Button type="submit" kind="primary" busy={busy} disabled={wait > 0} className="mt-1 h-10!">
          {t('signin.enter')}
        </Button>
        <Link to="/forgot" className="self-start text-ink-3 underline underline-offset-2 hover:text-ink">
          {t('signin.forgot')}
        </Link>
      </form>
      <OtherWays onIn={goIn} />
    </Outside>
  );
}

/** Seconds until the next try is allowed. */
function useCountdown(problem: Problem | null): number {
  const [left, setLeft] = useState(0);
  useEffect(() => {
    if (!problem) return setLeft(0);
    const end = Date.now() + Math.max(1, problem.retryAfter) * 1000;
    const tick = () => setLeft(Math.max(0, Math.ceil((end - Date.now()) / 1000)));
    tick();
    const timer = setInterval(tick, 500);
    return () => clearInterval(timer);
  }, [problem]);
  return left;
}
