import type { Hours, Span } from '@core/ai.ts';
import { Button, Card, CardBody, Chip, Field, IconButton, Input, Select } from '@ui';
import { useMemo, useState } from 'react';
import { useText } from '../state/i18n.ts';
import {
  another,
  clock,
  days,
  isSet,
  likeDay,
  maxSpans,
  overnight,
  spanOf,
  weekday,
  withDay,
  zones,
} from './hours.ts';
import type { Editing } from './state.ts';

/** When the business is open, for rules that ask for it. */
export function HoursCard({ e }: { e: Editing }) {
  const { t } = useText();
  const { hours } = e.mine.ai;
  const set = (next: Hours) => e.set({ hours: next });
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const usual = () => {
    const week = [0, 1, 2, 3, 4, 5, 6].map((d) => (d > 0 && d < 6 ? [{ from: 540, to: 1080 }] : []));
    set({ ...hours, zone: hours.zone || own, week });
  };
  return (
    <Card
      title={t('agent.hours.title')}
      text={t('agent.hours.text')}
      action={
        e.may && !isSet(hours) ? (
          <Button size="s" icon="clock" onClick={usual}>
            {t('agent.hours.set')}
          </Button>
        ) : null
      }
    >
      {isSet(hours) ? (
        <CardBody>
          <fieldset disabled={!e.may} className="flex min-w-0 flex-col gap-4">
            <Zone hours={hours} onChange={set} />
            <ul className="flex flex-col">
              {days.map((d) => (
                <Day key={d} day={d} hours={hours} onChange={set} />
              ))}
            </ul>
            <Closed hours={hours} onChange={set} />
          </fieldset>
        </CardBody>
      ) : (
        <p className="px-[18px] pb-[18px] font-medium">{t('agent.hours.none')}</p>
      )}
    </Card>
  );
}

type Part = { hours: Hours; onChange: (h: Hours) => void };

function Zone({ hours, onChange }: Part) {
  const { t } = useText();
  const all = useMemo(() => zones(hours.zone), [hours.zone]);
  return (
    <Field label={t('agent.hours.zone')} className="max-w-80">
      <Select value={hours.zone} onChange={(ev) => onChange({ ...hours, zone: ev.target.value })}>
        {all.map((z) => (
          <option key={z} value={z}>
            {z.replaceAll('_', ' ')}
          </option>
        ))}
      </Select>
    </Field>
  );
}

function Day({ day, hours, onChange }: Part & { day: number }) {
  const { t, format } = useText();
  const name = weekday(day, format.locale, 'long');
  const spans = hours.week[day] ?? [];
  const put = (next: Span[]) => onChange(withDay(hours, day, next));
  return (
    <li className="flex min-h-11 flex-wrap items-start gap-x-4 gap-y-1 border-t border-line py-1.5">
      <label className="flex h-8 w-36 items-center gap-2 font-medium phone:h-11">
        <input
          type="checkbox"
          checked={spans.length > 0}
          onChange={(e) => put(e.target.checked ? [another([])] : [])}
          className="size-4 flex-none accent-brand phone:size-5"
        />
        {name}
      </label>
      {spans.length === 0 ? (
        <span className="flex h-8 items-center text-ink-3 phone:h-11">{t('agent.hours.closed')}</span>
      ) : (
        <div className="flex flex-col gap-1.5">
          {spans.map((s, i) => (
            <SpanRow
              // biome-ignore lint/suspicious/noArrayIndexKey: two spans may be alike while one writes
              key={i}
              name={name}
              span={s}
              onChange={(next) => put(spans.map((x, j) => (j === i ? next : x)))}
              onRemove={() => put(spans.filter((_, j) => j !== i))}
            />
          ))}
        </div>
      )}
      {spans.length ? (
        <span className="ms-auto flex">
          {spans.length < maxSpans ? (
            <IconButton
              icon="plus"
              size="s"
              label={t('agent.hours.more', { day: name })}
              onClick={() => put([...spans, another(spans)])}
            />
          ) : null}
          <IconButton
            icon="copy"
            size="s"
            label={t('agent.hours.like', { day: name })}
            onClick={() => onChange(likeDay(hours, day))}
          />
        </span>
      ) : null}
    </li>
  );
}

function SpanRow({
  name,
  span,
  onChange,
  onRemove,
}: {
  name: string;
  span: Span;
  onChange: (s: Span) => void;
  onRemove: () => void;
}) {
  const { t } = useText();
  const put = (from: string, to: string) => {
    const next = spanOf(from, to);
    if (next) onChange(next);
  };
  return (
    <div className="flex flex-wrap items-center gap-1.5">
      <Input
        type="time"
        required
        aria-label={t('agent.hours.from', { day: name })}
        value={clock(span.from)}
        onChange={(e) => put(e.target.value, clock(span.to))}
        className="w-32!"
      />
      <span className="text-ink-3">–</span>
      <Input
        type="time"
        required
        aria-label={t('agent.hours.to', { day: name })}
        value={clock(span.to)}
        onChange={(e) => put(clock(span.from), e.target.value)}
        className="w-32!"
      />
      <IconButton icon="x" size="s" label={t('agent.hours.remove', { day: name })} onClick={onRemove} />
      {overnight(span) ? <Chip icon="moon">{t('agent.hours.next_day')}</Chip> : null}
    </div>
  );
}

function Closed({ hours, onChange }: Part) {
  const { t, format } = useText();
  const [day, setDay] = useState('');
  const add = () => {
    if (!day) return;
    onChange({ ...hours, closed: [...new Set([...hours.closed, day])].sort() });
    setDay('');
  };
  return (
    <div className="flex flex-col gap-2 border-t border-line pt-3.5">
      <div className="flex items-end gap-2">
        <Field label={t('agent.hours.holidays')} className="w-44">
          <Input type="date" value={day} onChange={(e) => setDay(e.target.value)} />
        </Field>
        <Button icon="plus" disabled={!day} onClick={add}>
          {t('agent.hours.add')}
        </Button>
      </div>
      {hours.closed.length ? (
        <ul className="flex flex-wrap gap-2">
          {hours.closed.map((d) => (
            <li key={d} className="flex items-center rounded-medium border border-line ps-2.5">
              {format.date(`${d}T12:00`)}
              <IconButton
                icon="x"
                size="s"
                label={t('agent.hours.open_again', { day: format.date(`${d}T12:00`) })}
                onClick={() => onChange({ ...hours, closed: hours.closed.filter((x) => x !== d) })}
              />
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}
