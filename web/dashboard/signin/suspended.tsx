import { session } from '@core/api.ts';
import { key } from '@core/merge.ts';
import { type AppealAnswer, suspension } from '@core/standing.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Button, Field, Textarea } from '@ui';
import { type FormEvent, useEffect } from 'react';
import { Answered } from '../shell/page.tsx';
import { useText } from '../state/i18n.ts';
import { q } from '../state/queries.ts';
import { Refused, useSending } from '../state/sending.tsx';
import { Outside } from './frame.tsx';

const held = ['suspension'];

/** What members see while the operator holds their workspace: why, and how to answer. */
export function Suspended() {
  const { t, format } = useText();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { data: me } = useQuery(q.me());
  const query = useQuery({
    queryKey: held,
    queryFn: ({ signal }) => suspension.get({ signal }),
    staleTime: 0,
    refetchInterval: 30_000, // nothing else is told to a suspended workspace
  });
  const state = query.data;
  if (state && !state.suspended) return <Lifted />;
  const out = () =>
    void session.signOut().finally(() => {
      client.clear();
      void navigate({ to: '/sign-in', search: {}, replace: true });
    });
  return (
    <Outside
      title={t('suspension.title', { workspace: me?.workspace.name ?? '' })}
      text={t('suspension.text')}
    >
      <Answered query={query}>
        <div className="rounded-medium border border-line bg-sunken px-3.5 py-3">
          <p className="text-meta text-ink-3">
            {t('suspension.since', { when: state?.since ? format.full(state.since) : '' })}
          </p>
          <p dir="auto" className="break-words whitespace-pre-wrap">
            {state?.reason}
          </p>
        </div>
        <Appeals all={state?.appeals ?? []} />
        {state?.may_appeal && me?.permissions.includes('workspace.write') ? <AppealForm /> : null}
        {state?.may_appeal && me && !me.permissions.includes('workspace.write') ? (
          <p className="mt-4 text-ink-3">{t('suspension.owner')}</p>
        ) : null}
      </Answered>
      <Button kind="ghost" icon="out" className="mt-5" onClick={out}>
        {t('factor.out')}
      </Button>
    </Outside>
  );
}

/** Goes in again, as somebody whose workspace is looked at anew. */
function Lifted() {
  const client = useQueryClient();
  const navigate = useNavigate();
  useEffect(() => {
    client.removeQueries({ queryKey: key.me });
    void navigate({ to: '/', replace: true });
  }, [client, navigate]);
  return null;
}

/** What was said against a suspension, and the answers; newest first. */
export function Appeals({ all }: { all: AppealAnswer[] }) {
  const { t, format } = useText();
  if (!all.length) return null;
  return (
    <section className="mt-4">
      <h2 className="weight-650">{t('suspension.appeals')}</h2>
      <ul className="mt-1.5 flex flex-col gap-2">
        {all.map((a) => (
          <li key={a.id} className="rounded-medium border border-line px-3.5 py-2.5">
            <p className="text-meta text-ink-3">
              {format.full(a.sent_at)} · {t(`suspension.state.${a.state}`)}
            </p>
            <p dir="auto" className="break-words whitespace-pre-wrap">
              {a.text}
            </p>
            {a.answer ? (
              <p dir="auto" className="mt-1.5 border-t border-line pt-1.5 break-words whitespace-pre-wrap">
                {a.answer}
              </p>
            ) : null}
          </li>
        ))}
      </ul>
    </section>
  );
}

function AppealForm() {
  const { t } = useText();
  const client = useQueryClient();
  const { busy, send, at, rest } = useSending('text');
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const text = String(new FormData(e.currentTarget).get('text') ?? '').trim();
    void send(async () => {
      client.setQueryData(held, await suspension.appeal(text));
    });
  };
  return (
    <form className="mt-4 flex flex-col gap-4" onSubmit={submit}>
      <Field label={t('suspension.why')} hint={t('suspension.why_hint')} error={at('text')}>
        <Textarea name="text" required maxLength={4000} rows={5} dir="auto" />
      </Field>
      <Refused text={rest} />
      <Button kind="primary" type="submit" busy={busy} className="h-10!">
        {t('suspension.send')}
      </Button>
    </form>
  );
}
