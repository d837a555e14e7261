import { key } from '@core/merge.ts';
import { type AskedStatement, myData, statements } from '@core/standing.ts';
import type { Me } from '@core/types.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Banner, Button, patient } from '@ui';
import { lazy, Suspense, useState } from 'react';
import { saveAs } from '../settings/saveas.ts';
import { useTry } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';

const LeaveDialog = lazy(patient(() => import('../settings/leave.tsx')));

/** One short text at a time, over the screen and never on it: agreed to, or declined with the ways out. */
export default function Agree() {
  const { t, language } = useText();
  const client = useQueryClient();
  const attempt = useTry();
  const [busy, setBusy] = useState<'agreed' | 'declined' | null>(null);
  const [declined, setDeclined] = useState<string[]>([]);
  const { data } = useQuery({
    queryKey: ['acknowledgements', language],
    queryFn: ({ signal }) => statements.list({ signal }),
    staleTime: 0,
  });
  const asked = data?.open.find((s) => !declined.includes(`${s.what} ${s.version}`));
  const answer = async (s: AskedStatement, how: 'agreed' | 'declined') => {
    setBusy(how);
    const done = await attempt(async () => {
      await statements.answer(s, how);
      return true;
    });
    setBusy(null);
    if (!done) return;
    if (how === 'declined') return setDeclined((all) => [...all, `${s.what} ${s.version}`]);
    await client.invalidateQueries({ queryKey: ['acknowledgements'] });
    client.setQueryData<Me>(
      key.me,
      (me) => me && { ...me, acknowledge: me.acknowledge.filter((x) => x !== s.what) },
    );
  };
  if (!asked) return declined.length ? <WaysOut /> : null;
  return (
    <section aria-label={t('agree.title')}>
      <Banner
        icon="file"
        action={
          <span className="flex flex-none gap-2">
            <Button size="s" busy={busy === 'declined'} onClick={() => void answer(asked, 'declined')}>
              {t('agree.no')}
            </Button>
            <Button
              size="s"
              kind="primary"
              busy={busy === 'agreed'}
              onClick={() => void answer(asked, 'agreed')}
            >
              {t('agree.yes')}
            </Button>
          </span>
        }
      >
        {asked.text}
        {asked.link ? (
          <>
            {' '}
            <a className="underline" href={`${asked.link}?l=${language}`} target="_blank" rel="noreferrer">
              {t('agree.read')}
            </a>
          </>
        ) : null}
      </Banner>
    </section>
  );
}

function WaysOut() {
  const { t } = useText();
  const attempt = useTry();
  const [open, setOpen] = useState<'leave' | 'closed' | null>(null);
  if (open === 'closed') return null;
  return (
    <section aria-label={t('agree.title')}>
      <Banner
        icon="file"
        action={
          <span className="flex flex-none flex-wrap gap-2">
            <Button
              size="s"
              icon="load"
              onClick={() => void attempt(async () => saveAs('my-data.json', await myData()))}
            >
              {t('agree.data')}
            </Button>
            <Button size="s" kind="danger" onClick={() => setOpen('leave')}>
              {t('leaving.card')}
            </Button>
            <Button size="s" kind="ghost" onClick={() => setOpen('closed')}>
              {t('app.close')}
            </Button>
          </span>
        }
      >
        {t('agree.declined')}
      </Banner>
      <Suspense>{open === 'leave' ? <LeaveDialog onClose={() => setOpen(null)} /> : null}</Suspense>
    </section>
  );
}
