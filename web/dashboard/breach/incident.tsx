import { type IncidentsOf, incidents, type WholeIncident } from '@core/incidents.ts';
import { useQuery } from '@tanstack/react-query';
import { Banner, Button, Card, CardBody, cn, Field, Icon, Input, Select, Textarea } from '@ui';
import { type FormEvent, type ReactNode, useState } from 'react';
import { Answered } from '../shell/page.tsx';
import { useNow } from '../state/box.ts';
import { useText } from '../state/i18n.ts';
import { Refused, useSending } from '../state/sending.tsx';
import { Counts } from './counts.tsx';
import { Marks } from './desk.tsx';
import { laws } from './open.tsx';
import { Record } from './record.tsx';
import { factsOf, hoursLeft, incidentQuery, localTime, useActs, useMay, waits } from './state.ts';
import { Telling } from './telling.tsx';
import { Words } from './words.tsx';

export type Of = { of: IncidentsOf; w: WholeIncident; may: boolean };

/** One incident, from when it is known to what was learnt. */
export default function OneIncident({ of, id, onBack }: { of: IncidentsOf; id: string; onBack: () => void }) {
  const { t } = useText();
  const query = useQuery({
    ...incidentQuery(of, id),
    // While people are being told one wants to see it; else the clock alone moves.
    refetchInterval: ({ state }) =>
      state.data?.incident.told_at && !state.data.incident.closed_at ? 5_000 : 30_000,
  });
  const w = query.data;
  return (
    <>
      <button
        type="button"
        onClick={onBack}
        className="mb-3 inline-flex items-center gap-1.5 font-medium text-ink-2 hover:text-ink"
      >
        <Icon name="left" />
        {t('breach.back')}
      </button>
      <Answered query={query}>{w ? <Whole of={of} w={w} /> : null}</Answered>
    </>
  );
}

function Whole({ of, w }: { of: IncidentsOf; w: WholeIncident }) {
  const { t, format } = useText();
  const i = w.incident;
  const may = useMay(of) && i.state !== 'closed';
  const all = { of, w, may };
  return (
    <>
      {i.drill ? (
        <Banner box tone="warn" icon="refresh" className="mb-5">
          {t('breach.is_drill')}
        </Banner>
      ) : null}
      <Card title={i.title}>
        <CardBody>
          <Marks i={i} />
          <Clock w={w} />
          <p className="num text-ink-3">
            {[
              t('breach.no', { no: i.id }),
              t('breach.opened_at', { when: format.full(i.opened_at) }),
              t(`breach.laws.${i.law}`),
            ].join(' · ')}
          </p>
        </CardBody>
      </Card>
      <Card title={t('breach.steps')} text={t('breach.steps_text')}>
        <ol aria-label={t('breach.steps')}>
          <Step done={Boolean(i.aware_at)} title={t('breach.step_aware')} text={t('breach.step_aware_text')}>
            <Aware {...all} />
          </Step>
          <Step
            done={w.missing.every((m) => m === 'counts')}
            title={t('breach.step_facts')}
            text={t('breach.step_facts_text')}
          >
            <Facts {...all} />
          </Step>
          <Step
            done={w.counts.length > 0}
            title={t('breach.step_counts')}
            text={t('breach.step_counts_text')}
          >
            <Counts {...all} />
          </Step>
          <Step done={Boolean(i.risk)} title={t('breach.step_risk')} text={t('breach.step_risk_text')}>
            <Assess {...all} />
          </Step>
          <Step done={!waits(i)} title={t('breach.step_authority')} text={t('breach.step_authority_text')}>
            <Words {...all} />
          </Step>
          <Step
            done={Boolean(i.told_at)}
            title={t(of === 'install' ? 'breach.step_businesses' : 'breach.step_people')}
            text={t(of === 'install' ? 'breach.step_businesses_text' : 'breach.step_people_text')}
          >
            <Telling {...all} />
          </Step>
          <Step done={i.state === 'closed'} title={t('breach.step_close')} text={t('breach.step_close_text')}>
            <Close {...all} />
          </Step>
        </ol>
      </Card>
      <Record w={w} />
    </>
  );
}

/** The hours that have passed, and those at which somebody is warned. */
function Clock({ w }: { w: WholeIncident }) {
  const { t, format } = useText();
  const now = useNow();
  const i = w.incident;
  if (!i.aware_at || !i.due_at) return null;
  const end = i.decided_at ? Date.parse(i.decided_at) : now.getTime();
  const hours = (end - Date.parse(i.aware_at)) / 3_600_000;
  const left = hoursLeft(i, now);
  return (
    <div>
      <p className="num text-page weight-650">
        {waits(i)
          ? left < 0
            ? t('breach.over', { count: -left })
            : t('breach.left', { count: left })
          : t('breach.took', { count: Math.max(0, Math.round(hours)) })}
      </p>
      <div className="relative mt-2 h-2 rounded-full bg-line" aria-hidden="true">
        <div
          className={cn('h-full rounded-full', hours > 72 ? 'bg-bad' : hours > 48 ? 'bg-warn' : 'bg-brand')}
          style={{ inlineSize: `${Math.min(100, (hours / 72) * 100)}%` }}
        />
        {[24, 48, 60].map((h) => (
          <span
            key={h}
            className="absolute inset-y-0 w-px bg-ink-3"
            style={{ insetInlineStart: `${(h / 72) * 100}%` }}
          />
        ))}
      </div>
      <p className="num mt-1.5 text-ink-3">
        {t('breach.clock', { from: format.full(i.aware_at), to: format.full(i.due_at) })}
      </p>
      {w.states.length ? (
        <ul className="num mt-1 text-ink-3">
          {w.states.map((s) => (
            <li key={s.state}>
              {s.due_at
                ? t('breach.state_due', { state: s.state, when: format.date(s.due_at) })
                : t('breach.state_soon', { state: s.state })}
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}

function Step({
  done,
  title,
  text,
  children,
}: {
  done: boolean;
  title: string;
  text: string;
  children: ReactNode;
}) {
  const { t } = useText();
  return (
    <li className="flex gap-3 border-t border-line px-[18px] py-3.5">
      <Icon
        name={done ? 'check' : 'right'}
        className={cn('mt-0.5 flex-none', done ? 'text-ok' : 'text-ink-3')}
      />
      <div className="min-w-0 flex-1">
        <h3 className="font-medium">
          {title}
          <span className="sr-only">: {t(done ? 'breach.is_done' : 'breach.is_open')}</span>
        </h3>
        <p className="text-ink-3">{text}</p>
        <div className="mt-2.5 flex flex-col gap-3">{children}</div>
      </div>
    </li>
  );
}

function Aware({ of, w, may }: Of) {
  const { t, format } = useText();
  const now = useNow();
  const take = useActs(of, w.incident.id);
  const { busy, send, at, rest } = useSending('at', 'reason');
  const [moving, setMoving] = useState(false);
  const known = w.incident.aware_at;
  if (known && !moving) {
    return (
      <p className="num flex flex-wrap items-center gap-x-3 gap-y-1.5">
        {t('breach.known_since', { when: format.full(known) })}
        {may && waits(w.incident) ? (
          <Button size="s" kind="ghost" onClick={() => setMoving(true)}>
            {t('breach.move_aware')}
          </Button>
        ) : null}
      </p>
    );
  }
  if (!may) return null;
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const form = new FormData(e.currentTarget);
    void send(async () => {
      const since = new Date(String(form.get('at')));
      await take(
        incidents(of).aware(w.incident.id, since.toISOString(), String(form.get('reason') ?? '').trim()),
      );
      setMoving(false);
    });
  };
  return (
    <form className="flex flex-col gap-3" onSubmit={submit}>
      <Field label={t('breach.aware_at')} hint={t('breach.aware_hint')} error={at('at')}>
        <Input
          name="at"
          type="datetime-local"
          required
          defaultValue={localTime(known ? new Date(known) : now)}
          max={localTime(now)}
          className="max-w-64"
        />
      </Field>
      {known ? (
        <Field label={t('breach.aware_why')} hint={t('breach.aware_why_hint')} error={at('reason')}>
          <Textarea name="reason" rows={2} required maxLength={4000} dir="auto" />
        </Field>
      ) : null}
      <Refused text={rest} />
      <Button type="submit" kind="primary" busy={busy} className="self-start">
        {t(known ? 'app.save' : 'breach.start_clock')}
      </Button>
    </form>
  );
}

const long = ['nature', 'consequences', 'measures'] as const;
const short = ['when', 'contact', 'risk', 'states'] as const;

function Facts({ of, w, may }: Of) {
  const { t } = useText();
  const take = useActs(of, w.incident.id);
  const { busy, send, rest } = useSending();
  const facts = factsOf(w);
  if (!may) {
    return (
      <dl className="flex flex-col gap-2">
        {[...long, ...short]
          .filter((n) => facts[n])
          .map((n) => (
            <div key={n}>
              <dt className="text-meta text-ink-3">{t(`breach.fact.${n}`)}</dt>
              <dd dir="auto" className="whitespace-pre-line">
                {facts[n]}
              </dd>
            </div>
          ))}
      </dl>
    );
  }
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const form = new FormData(e.currentTarget);
    const said = Object.fromEntries([...form].map(([k, v]) => [k, String(v).trim()]));
    void send(() => take(incidents(of).facts(w.incident.id, said)));
  };
  return (
    <form className="flex flex-col gap-3" onSubmit={submit}>
      {long.map((n) => (
        <Field key={n} label={t(`breach.fact.${n}`)} hint={t(`breach.fact_hint.${n}`)}>
          <Textarea name={n} rows={2} maxLength={4000} dir="auto" defaultValue={facts[n] ?? ''} />
        </Field>
      ))}
      <div className="grid grid-cols-2 gap-3 phone:grid-cols-1">
        {short.map((n) => (
          <Field key={n} label={t(`breach.fact.${n}`)} hint={t(`breach.fact_hint.${n}`)}>
            <Input name={n} maxLength={4000} dir="auto" autoComplete="off" defaultValue={facts[n] ?? ''} />
          </Field>
        ))}
      </div>
      <Refused text={rest} />
      <Button type="submit" busy={busy} className="self-start">
        {t('breach.save_facts')}
      </Button>
    </form>
  );
}

function Assess({ of, w, may }: Of) {
  const { t } = useText();
  const take = useActs(of, w.incident.id);
  const { busy, send, rest } = useSending();
  const i = w.incident;
  if (!may || !(waits(i) || i.state === 'not_notifiable')) return null;
  if (!i.aware_at) return <p className="text-ink-3">{t('breach.first_aware')}</p>;
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const form = new FormData(e.currentTarget);
    void send(() => take(incidents(of).assess(i.id, String(form.get('risk')), String(form.get('law')))));
  };
  return (
    <form className="flex flex-col gap-3" onSubmit={submit}>
      <div className="grid grid-cols-2 gap-3 phone:grid-cols-1">
        <Field label={t('breach.risk_is')}>
          <Select name="risk" defaultValue={i.risk || 'likely'}>
            {(['none', 'likely', 'high'] as const).map((r) => (
              <option key={r} value={r}>
                {t(`breach.risk_means.${r}`)}
              </option>
            ))}
          </Select>
        </Field>
        <Field label={t('breach.law')}>
          <Select name="law" defaultValue={i.law}>
            {laws.map((l) => (
              <option key={l} value={l}>
                {t(`breach.laws.${l}`)}
              </option>
            ))}
          </Select>
        </Field>
      </div>
      <Refused text={rest} />
      <Button type="submit" kind={i.risk ? 'ghost' : 'primary'} busy={busy} className="self-start">
        {t('breach.assess')}
      </Button>
    </form>
  );
}

function Close({ of, w, may }: Of) {
  const { t } = useText();
  const take = useActs(of, w.incident.id);
  const { busy, send, rest } = useSending();
  const lessons = factsOf(w).lessons;
  if (lessons) {
    return (
      <p dir="auto" className="whitespace-pre-line">
        {lessons}
      </p>
    );
  }
  if (!may || waits(w.incident)) return null;
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const said = String(new FormData(e.currentTarget).get('lessons') ?? '').trim();
    void send(() => take(incidents(of).close(w.incident.id, said)));
  };
  return (
    <form className="flex flex-col gap-3" onSubmit={submit}>
      <Field label={t('breach.lessons')} hint={t('breach.lessons_hint')}>
        <Textarea name="lessons" rows={3} required maxLength={4000} dir="auto" />
      </Field>
      <Refused text={rest} />
      <Button type="submit" kind="primary" busy={busy} className="self-start">
        {t('breach.close')}
      </Button>
    </form>
  );
}
