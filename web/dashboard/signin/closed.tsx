import { session } from '@core/api.ts';
import { key } from '@core/merge.ts';
import { type Closing, closing } from '@core/standing.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Button, useToast } from '@ui';
import { useEffect } from 'react';
import { Answered } from '../shell/page.tsx';
import { useText } from '../state/i18n.ts';
import { q } from '../state/queries.ts';
import { Refused, useSending } from '../state/sending.tsx';
import { Outside } from './frame.tsx';

const asked = ['closing'];
const day = 24 * 60 * 60 * 1000;

/** What members see of a workspace that an owner closed: until when it can be taken back, and by whom. */
export function Closed() {
  const { t, format } = useText();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { data: me } = useQuery(q.me());
  const query = useQuery({
    queryKey: asked,
    queryFn: ({ signal }) => closing.get({ signal }),
    staleTime: 0,
    refetchInterval: 30_000, // nothing else is told to a closed workspace
  });
  const state = query.data;
  const { busy, send, rest } = useSending();
  if (state && !state.closed) return <Open />;
  const reopen = () =>
    void send(async () => {
      client.setQueryData<Closing>(asked, await closing.reopen());
    });
  const out = () =>
    void session.signOut().finally(() => {
      client.clear();
      void navigate({ to: '/sign-in', search: {}, replace: true });
    });
  return (
    <Outside
      title={t('closing.closed_title', { workspace: me?.workspace.name ?? '' })}
      text={t('closing.closed_text', { when: state?.closed_at ? format.full(state.closed_at) : '' })}
    >
      <Answered query={query}>
        {state?.recover_until && state.ends_by ? (
          <>
            <Left until={state.recover_until} ends={state.ends_by} />
            {state.may_reopen ? (
              <Button
                kind="primary"
                icon="undo"
                busy={busy}
                className="mt-4 h-10! w-full justify-center"
                onClick={reopen}
              >
                {t('closing.reopen')}
              </Button>
            ) : null}
            {!state.may_reopen && Date.parse(state.recover_until) > Date.now() ? (
              <p className="mt-4 text-ink-3">{t('closing.owner')}</p>
            ) : null}
            <Refused text={rest} />
            {state.certificate ? <Address at={state.certificate} /> : null}
          </>
        ) : null}
      </Answered>
      <Button kind="ghost" icon="out" className="mt-5" onClick={out}>
        {t('factor.out')}
      </Button>
    </Outside>
  );
}

/** How long it can still be taken back, in days, and in hours on the last one. */
function Left({ until, ends }: { until: string; ends: string }) {
  const { t, format } = useText();
  const left = Date.parse(until) - Date.now();
  const words =
    left <= 0
      ? t('closing.over')
      : left < day
        ? t('closing.hours', { count: Math.ceil(left / (60 * 60 * 1000)) })
        : t('closing.days', { count: Math.floor(left / day) });
  return (
    <div className="rounded-medium border border-line bg-sunken px-3.5 py-3" role="status">
      <p className="text-title weight-650">{words}</p>
      {left > 0 ? (
        <p className="mt-1 text-ink-2">{t('closing.until', { when: format.full(until) })}</p>
      ) : null}
      <p className="text-ink-2">{t('closing.ends', { when: format.full(ends) })}</p>
    </div>
  );
}

/** Where the certificate will be, for those who can take it along. */
function Address({ at }: { at: string }) {
  const { t } = useText();
  const say = useToast();
  const copy = () =>
    void navigator.clipboard.writeText(at).then(
      () => say(t('app.copied')),
      () => say(t('app.copy_failed'), { bad: true }),
    );
  return (
    <section className="mt-5 border-t border-line pt-4">
      <h2 className="weight-650">{t('closing.certificate')}</h2>
      <p className="mt-1 text-ink-3">{t('closing.certificate_text')}</p>
      <a
        href={at}
        target="_blank"
        rel="noreferrer"
        className="mt-1.5 block break-all text-link underline underline-offset-2"
      >
        {at}
      </a>
      <Button size="s" icon="copy" className="mt-2" onClick={copy}>
        {t('app.copy')}
      </Button>
    </section>
  );
}

/** Goes in again, as somebody whose workspace is looked at anew. */
function Open() {
  const client = useQueryClient();
  const navigate = useNavigate();
  useEffect(() => {
    client.removeQueries({ queryKey: key.me });
    client.removeQueries({ queryKey: asked });
    void navigate({ to: '/', replace: true });
  }, [client, navigate]);
  return null;
}
