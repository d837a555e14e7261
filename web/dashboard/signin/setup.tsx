import { setup } from '@core/api.ts';
import { key } from '@core/merge.ts';
import { asProblem, type Problem } from '@core/problem.ts';
import type { Me } from '@core/types.ts';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Banner, Button, Field, Input, Select } from '@ui';
import { type FormEvent, useState } from 'react';
import { PasswordInput } from '../shell/password.tsx';
import { problemText } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { usePrefs } from '../state/prefs.tsx';
import { dropsCookie, Outside, PlainHttp } from './frame.tsx';
import { Statements, ticked } from './statements.tsx';

const shortest = 15;

/** The first start: the one-time link makes its reader the owner. */
export function Setup() {
  const { t, language } = useText();
  const { choose } = usePrefs();
  const client = useQueryClient();
  const navigate = useNavigate();
  // The token is in the fragment, which no server or log ever sees.
  const [token] = useState(() => window.location.hash.slice(1));
  const state = useQuery({
    queryKey: ['setup', language],
    queryFn: ({ signal }) => setup.needed({ signal }),
    placeholderData: keepPreviousData,
  });
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [short, setShort] = useState(false);

  const asks = state.data?.asks ?? [];

  const submit = async (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const form = new FormData(e.currentTarget);
    const text = (name: string) => String(form.get(name) ?? '').trim();
    const password = String(form.get('password') ?? '');
    setShort([...password].length < shortest);
    if ([...password].length < shortest) return;
    setBusy(true);
    setProblem(null);
    try {
      const me = await setup.run({
        token,
        workspace: text('workspace'),
        name: text('name'),
        email: text('email'),
        password,
        locale: text('locale'),
        acknowledged: ticked(form, asks),
      });
      client.clear();
      client.setQueryData<Me>(key.me, me);
      window.history.replaceState(window.history.state, '', '/setup'); // a used token has no business in the address
      await navigate({ to: '/knowledge/{-$id}', params: { id: undefined }, replace: true });
    } catch (err) {
      setProblem(asProblem(err));
      void state.refetch(); // a text may have changed meanwhile
    } finally {
      setBusy(false);
    }
  };

  if (state.data && !state.data.needed) {
    return (
      <Outside title={t('setup.done')} text={t('setup.done_text')}>
        <Link to="/sign-in" search={{}} className="font-semibold text-brand-ink underline underline-offset-2">
          {t('signin.enter')}
        </Link>
      </Outside>
    );
  }
  if (!token) {
    return (
      <Outside title={t('setup.title')} text={t('setup.text')}>
        <Banner tone="warn" icon="link" box>
          {t('setup.no_token')}
        </Banner>
      </Outside>
    );
  }
  const fields = problem?.fields ?? {};
  return (
    <Outside title={t('setup.title')} text={t('setup.text')}>
      {dropsCookie(window.location) ? <PlainHttp /> : null}
      <form className="flex flex-col gap-4" onSubmit={(e) => void submit(e)}>
        <Field label={t('setup.workspace')} hint={t('setup.workspace_hint')} error={fields.workspace}>
          <Input
            name="workspace"
            required
            maxLength={100}
            autoComplete="organization"
            dir="auto"
            className="h-10!"
          />
        </Field>
        <Field label={t('setup.name')} error={fields.name}>
          <Input name="name" required maxLength={100} autoComplete="name" dir="auto" className="h-10!" />
        </Field>
        <Field label={t('signin.email')} error={fields.email}>
          <Input
            name="email"
            type="email"
            required
            maxLength={254}
            autoComplete="username"
            className="h-10!"
          />
        </Field>
        <Field
          label={t('signin.password')}
          hint={t('setup.password_hint', { count: shortest })}
          error={short ? t('setup.password_short', { count: shortest }) : fields.password}
        >
          <PasswordInput name="password" autoComplete="new-password" className="h-10!" />
        </Field>
        <Field label={t('setup.locale')} error={fields.locale}>
          <Select
            name="locale"
            value={language}
            onChange={(e) => choose({ language: e.target.value === 'tr' ? 'tr' : 'en' })}
          >
            <option value="en">English</option>
            <option value="tr">Türkçe</option>
          </Select>
        </Field>
        <Statements asks={asks} />
        {problem ? (
          <Banner tone="bad" icon="alert" box role="alert">
            {problemText(t, problem)}
          </Banner>
        ) : null}
        <Button type="submit" kind="primary" busy={busy} className="mt-1 h-10!">
          {t('setup.start')}
        </Button>
      </form>
    </Outside>
  );
}
