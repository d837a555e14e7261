import { type Demand, demands } from '@core/demands.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Card, Chip, Dialog, EmptyState } from '@ui';
import type { Tone } from '@ui/chip.tsx';
import { useState } from 'react';
import { saveAs } from '../settings/saveas.ts';
import { Confirm } from '../shell/confirm.tsx';
import { Answered } from '../shell/page.tsx';
import { useNow } from '../state/box.ts';
import { useCan, useDesk, useTry } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { Duties } from './duties.tsx';
import { Say } from './say.tsx';
import { demandsKey } from './state.ts';

/** What is owed and what was signed, and what authorities demanded. */
export default function Records() {
  return (
    <>
      <Duties />
      <Demands />
    </>
  );
}

/** What authorities demanded, and what became of it. */
function Demands() {
  const { t } = useText();
  const query = useQuery({
    queryKey: demandsKey,
    queryFn: ({ signal }) => demands.list({ signal }),
    staleTime: 0,
    gcTime: 0,
  });
  const all = query.data?.items ?? [];
  return (
    <Card title={t('demand.title')} text={t('demand.text')}>
      <Answered query={query}>
        {all.length === 0 ? (
          <EmptyState icon="shield" title={t('demand.none')} text={t('demand.none_text')} />
        ) : null}
        <ul aria-label={t('demand.title')}>
          {all.map((d) => (
            <One key={d.id} d={d} />
          ))}
        </ul>
      </Answered>
    </Card>
  );
}

const tones: Record<Demand['state'], Tone> = {
  open: 'warn',
  approved: 'brand',
  handed: 'ok',
  refused: 'plain',
};

function One({ d }: { d: Demand }) {
  const { t } = useText();
  return (
    <li className="flex flex-col gap-2.5 border-t border-line px-[18px] py-3.5">
      <div className="flex flex-wrap items-start gap-x-3 gap-y-1.5">
        <span className="min-w-48 flex-1">
          <span className="block font-medium break-words" dir="auto">
            {d.authority}
          </span>
          <span className="block break-words text-ink-2" dir="auto">
            {[d.basis, d.reference].filter(Boolean).join(' · ')}
          </span>
        </span>
        <Due d={d} />
        <Chip tone={tones[d.state]}>{t(`demand.state.${d.state}`)}</Chip>
      </div>
      <Scope d={d} />
      {d.said.length ? (
        <ul aria-label={t('demand.said')} className="border-s-2 border-line-2 ps-3 text-ink-2">
          {d.said.map((words, n) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: what was said is never moved
            <li key={n} className="break-words" dir="auto">
              {words}
            </li>
          ))}
        </ul>
      ) : null}
      <Acts d={d} />
    </li>
  );
}

function Due({ d }: { d: Demand }) {
  const { t, format } = useText();
  const now = useNow();
  if (!d.due_at || d.state === 'handed' || d.state === 'refused') return null;
  const late = Date.parse(d.due_at) < now.getTime();
  return (
    <Chip tone={late ? 'bad' : 'plain'} icon="clock">
      {t(late ? 'demand.late' : 'demand.due', { when: format.date(d.due_at) })}
    </Chip>
  );
}

function Scope({ d }: { d: Demand }) {
  const { t, format } = useText();
  const now = useNow();
  const names = d.persons.map((p) => p.name || t('contact.visitor'));
  const rows = [
    [t('demand.persons'), names.join(', ') || t('demand.forgotten')],
    [t('demand.parts'), d.parts.map((p) => t(`demand.part.${p as 'profile'}`)).join(', ')],
    [t('demand.time'), d.from && d.until ? `${format.date(d.from)} – ${format.date(d.until)}` : ''],
    [
      t('demand.told'),
      d.silent_until && Date.parse(d.silent_until) > now.getTime()
        ? t('demand.silent', { when: format.date(d.silent_until) })
        : t('demand.open_told'),
    ],
    [t('demand.approvals'), t('demand.approvals_of', { n: format.number(d.approvals.length) })],
    [t('demand.handed'), d.state === 'handed' && d.ended_at ? format.full(d.ended_at) : ''],
  ].filter(([, value]) => value);
  return (
    <dl className="grid grid-cols-[max-content_1fr] gap-x-4 gap-y-1 phone:grid-cols-1">
      {rows.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-ink-3">{name}</dt>
          <dd className="num min-w-0 break-words phone:mb-1">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

type Act = 'approve' | 'hand' | 'challenge' | 'refuse';

function Acts({ d }: { d: Demand }) {
  const { t } = useText();
  const { me } = useDesk();
  const may = useCan('case.write');
  const [act, setAct] = useState<Act | null>(null);
  if (!may || d.state === 'refused') return null;
  const mine = d.approvals.includes(me.member.id);
  const close = () => setAct(null);
  return (
    <div className="flex flex-wrap items-center gap-2">
      {d.state === 'open' && !mine ? (
        <Button size="s" kind="primary" icon="check" onClick={() => setAct('approve')}>
          {t('demand.approve')}
        </Button>
      ) : null}
      {d.state === 'open' && mine ? <p className="text-ink-3">{t('demand.second')}</p> : null}
      {d.state === 'approved' || d.state === 'handed' ? (
        <Button
          size="s"
          kind={d.state === 'approved' ? 'primary' : 'outline'}
          icon="load"
          onClick={() => setAct('hand')}
        >
          {t('demand.hand')}
        </Button>
      ) : null}
      {d.state === 'open' || d.state === 'approved' ? (
        <>
          <Button size="s" onClick={() => setAct('challenge')}>
            {t('demand.challenge')}
          </Button>
          <Button size="s" kind="danger" onClick={() => setAct('refuse')}>
            {t('demand.refuse')}
          </Button>
        </>
      ) : null}
      {act === 'approve' || act === 'hand' ? <Sure d={d} act={act} onClose={close} /> : null}
      {act === 'challenge' || act === 'refuse' ? <Why d={d} act={act} onClose={close} /> : null}
    </div>
  );
}

function Sure({ d, act, onClose }: { d: Demand; act: 'approve' | 'hand'; onClose: () => void }) {
  const { t } = useText();
  const client = useQueryClient();
  const run = async () => {
    if (act === 'hand') saveAs('demand.zip', await demands.handOver(d.id));
    else await demands.approve(d.id);
    await client.invalidateQueries({ queryKey: demandsKey });
  };
  return (
    <Confirm
      title={t(`demand.${act}_sure`)}
      text={t(`demand.${act}_text`)}
      action={t(`demand.${act}`)}
      onClose={onClose}
      onRun={run}
    >
      <Scope d={d} />
    </Confirm>
  );
}

function Why({ d, act, onClose }: { d: Demand; act: 'challenge' | 'refuse'; onClose: () => void }) {
  const { t } = useText();
  const client = useQueryClient();
  const attempt = useTry();
  return (
    <Dialog
      open
      onClose={onClose}
      title={t(`demand.${act}`)}
      text={t(`demand.${act}_text`)}
      closeLabel={t('app.close')}
    >
      <Say
        label={t('demand.why')}
        hint={t('demand.why_hint')}
        action={t(`demand.${act}`)}
        onSay={async (reason) => {
          await attempt(() => demands[act](d.id, reason));
          await client.invalidateQueries({ queryKey: demandsKey });
          onClose();
        }}
      />
    </Dialog>
  );
}
