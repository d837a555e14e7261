import { session } from '@core/api.ts';
import { asProblem, type Problem } from '@core/problem.ts';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Banner, Button, Field, Input } from '@ui';
import { type FormEvent, useState } from 'react';
import { problemText } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { Outside } from './frame.tsx';

/** How people may get in here. */
export const ways = {
  queryKey: ['ways'],
  queryFn: ({ signal }: { signal: AbortSignal }) => session.ways({ signal }),
};

/** The way back to the sign-in page. */
export function ToSignIn() {
  const { t } = useText();
  return (
    <Link
      to="/sign-in"
      search={{}}
      className="mt-5 inline-block font-semibold text-brand-ink underline underline-offset-2"
    >
      {t('signin.back_to')}
    </Link>
  );
}

/** Asks for a mailed link that leads to a new password. */
export const Forgot = () => <AskLink what="forgot" ask={session.forgot} />;

/** Asks for a mailed link that signs in. */
export const MailLink = () => <AskLink what="mail" ask={session.mailLink} />;

/** What comes back is the same for every address. */
function AskLink({ what, ask }: { what: 'forgot' | 'mail'; ask: (email: string) => Promise<void> }) {
  const { t } = useText();
  const mail = useQuery(ways).data?.mail;
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [sent, setSent] = useState('');
  const submit = async (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const email = String(new FormData(e.currentTarget).get('email') ?? '').trim();
    setBusy(true);
    setProblem(null);
    try {
      await ask(email);
      setSent(email);
    } catch (err) {
      setProblem(asProblem(err));
    } finally {
      setBusy(false);
    }
  };
  if (sent) {
    return (
      <Outside title={t('signin.forgot_sent')} text={t(`signin.${what}_sent_text`, { email: sent })}>
        <p role="status" className="text-ink-3">
          {t('signin.forgot_again')}
        </p>
        <ToSignIn />
      </Outside>
    );
  }
  if (mail === false) {
    return (
      <Outside title={t(`signin.${what}_title`)} text={t('signin.no_mail')}>
        <ToSignIn />
      </Outside>
    );
  }
  return (
    <Outside title={t(`signin.${what}_title`)} text={t('signin.forgot_text')}>
      <form className="flex flex-col gap-4" onSubmit={(e) => void submit(e)}>
        <Field label={t('signin.email')}>
          <Input
            type="email"
            name="email"
            autoComplete="username"
            required
            maxLength={254}
            className="h-10!"
          />
        </Field>
        {problem ? (
          <Banner tone="bad" icon="alert" box role="alert">
            {problemText(t, problem)}
          </Banner>
        ) : null}
        <Button type="submit" kind="primary" busy={busy} className="mt-1 h-10!">
          {t('signin.forgot_send')}
        </Button>
      </form>
      <ToSignIn />
    </Outside>
  );
}
