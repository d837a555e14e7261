import { session } from '@core/api.ts';
import { asProblem } from '@core/problem.ts';
import type { Schemas } from '@core/types.ts';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Banner, Button, Field, Input, Spinner } from '@ui';
import { type FormEvent, useState } from 'react';
import { PasswordInput } from '../shell/password.tsx';
import { problemText } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { Refused, useSending } from '../state/sending.tsx';
import { ToSignIn } from './forgot.tsx';
import { Outside } from './frame.tsx';
import { OpenLink } from './openlink.tsx';
import { Statements, ticked } from './statements.tsx';

/** What a mailed link leads to: a new password, joining a workspace, signing in, an address. */
export function Letter() {
  const { t, language } = useText();
  // The token is in the fragment, which no server or log ever sees.
  const [token] = useState(() => window.location.hash.slice(1));
  const look = useQuery({
    queryKey: ['letter', token, language],
    queryFn: ({ signal }) => session.link(token, { signal }),
    enabled: token !== '',
    retry: false,
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const [done, setDone] = useState(false);
  if (!token) return <Over text={t('letter.no_token')} />;
  if (done) {
    return (
      <Outside title={t('letter.reset_done')} text={t('letter.reset_done_text')}>
        <ToSignIn />
      </Outside>
    );
  }
  if (look.data && look.data.kind !== 'invite' && look.data.kind !== 'reset') {
    return <OpenLink token={token} link={look.data} />;
  }
  if (look.data) return <Choose token={token} link={look.data} onDone={() => setDone(true)} />;
  if (look.error) {
    const problem = asProblem(look.error);
    return <Over text={problem.code === 'link_over' ? t('letter.over_text') : problemText(t, problem)} />;
  }
  return (
    <Outside title={t('letter.looking')} text="">
      <Spinner label={t('letter.looking')} />
    </Outside>
  );
}

function Over({ text }: { text: string }) {
  const { t } = useText();
  return (
    <Outside title={t('letter.over')} text="">
      <Banner tone="warn" icon="link" box role="alert">
        {text}
      </Banner>
      <Link
        to="/forgot"
        className="mt-5 inline-block font-semibold text-brand-ink underline underline-offset-2"
      >
        {t('letter.ask')}
      </Link>
    </Outside>
  );
}

function Choose({ token, link, onDone }: { token: string; link: Schemas['MailedLink']; onDone: () => void }) {
  const { t } = useText();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { busy, send, at, rest } = useSending('name', 'password');
  const joins = link.kind === 'invite';
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const form = new FormData(e.currentTarget);
    const name = String(form.get('name') ?? '').trim();
    void send(async () => {
      const { signed_in } = await session.spendLink({
        token,
        password: String(form.get('password') ?? ''),
        ...(joins && name ? { name } : {}),
        ...(joins ? { acknowledged: ticked(form, link.asks) } : {}),
      });
      // A used token has no business in the address.
      window.history.replaceState(window.history.state, '', window.location.pathname);
      if (!signed_in) return onDone();
      client.clear();
      await navigate({ to: '/', replace: true });
    });
  };
  const says = joins ? 'invite' : 'reset';
  return (
    <Outside
      title={t(`letter.${says}_title`, { workspace: link.workspace })}
      text={t(`letter.${says}_text`, {
        email: link.email,
        workspace: link.workspace,
        role: t(`role.${link.role}`),
      })}
    >
      <form className="flex flex-col gap-4" onSubmit={submit}>
        <input type="hidden" name="username" autoComplete="username" value={link.email} readOnly />
        {joins ? (
          <Field label={t('setup.name')} error={at('name')}>
            <Input
              name="name"
              required
              maxLength={200}
              defaultValue={link.name}
              autoComplete="name"
              dir="auto"
              className="h-10!"
            />
          </Field>
        ) : null}
        <Field label={t('password.next')} hint={t('password.hint')} error={at('password')}>
          <PasswordInput name="password" autoComplete="new-password" className="h-10!" />
        </Field>
        {joins ? <Statements asks={link.asks} /> : null}
        <Refused text={rest} />
        <Button type="submit" kind="primary" busy={busy} className="mt-1 h-10!">
          {t(`letter.${says}_do`)}
        </Button>
      </form>
    </Outside>
  );
}
