import { incidents } from '@core/incidents.ts';
import { useQuery } from '@tanstack/react-query';
import { Button, Chip, Field, Input, Select } from '@ui';
import { type FormEvent, useState } from 'react';
import { useNow } from '../state/box.ts';
import { useCan } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { q } from '../state/queries.ts';
import { Refused, useSending } from '../state/sending.tsx';
import type { Of } from './incident.tsx';
import { incidentsKey, localTime, useActs } from './state.ts';
import { workspaces } from './workspaces.ts';

type Reach = 'audit' | 'key' | `member:${string}` | `table:${string}`;

/** Whom the incident touched: counted by the server, anew and with a date. */
export function Counts({ of, w, may }: Of) {
  const { t, format } = useText();
  const i = w.incident;
  const last = w.counts[0];
  const [asking, setAsking] = useState(false);
  return (
    <>
      {last ? (
        <div className="rounded-medium border border-line px-3.5 py-2.5">
          <p className="num font-medium">
            {[
              t('breach.persons', { count: i.persons }),
              t('breach.records', { count: i.records }),
              i.erased ? t('breach.erased', { count: i.erased }) : '',
            ]
              .filter(Boolean)
              .join(' · ')}
          </p>
          <p className="mt-1.5 flex flex-wrap gap-1.5">
            {i.classes.map((c) => (
              <Chip key={c}>{t(`breach.class.${c as 'contact'}`)}</Chip>
            ))}
          </p>
          <p className="num mt-1.5 text-ink-3">
            {t('breach.counted', {
              when: format.full(last.at),
              from: format.full(last.from),
              to: format.full(last.to),
            })}
          </p>
        </div>
      ) : null}
      {may && (asking || !last) ? <Ask of={of} w={w} may={may} onDone={() => setAsking(false)} /> : null}
      {may && last && !asking ? (
        <Button className="self-start" icon="refresh" onClick={() => setAsking(true)}>
          {t('breach.count_again')}
        </Button>
      ) : null}
    </>
  );
}

function Ask({ of, w, onDone }: Of & { onDone: () => void }) {
  const { t } = useText();
  const now = useNow();
  const take = useActs(of, w.incident.id);
  const { busy, send, rest } = useSending();
  const people =
    useQuery({ ...q.members(), enabled: useCan('member.read') && of === 'workspace' }).data?.items ?? [];
  const places = useQuery({
    queryKey: [...incidentsKey(of), 'workspaces'],
    queryFn: ({ signal }) => workspaces({ signal }),
    enabled: of === 'install',
  }).data?.items;
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const form = new FormData(e.currentTarget);
    const reach = String(form.get('reach')) as Reach;
    const [kind, what = ''] = reach.split(':');
    const time = (name: string) => new Date(String(form.get(name))).toISOString();
    const place = form.get('workspace');
    void send(async () => {
      await take(
        incidents(of).count(w.incident.id, [
          {
            from: time('from'),
            to: time('to'),
            ...(place ? { workspace_id: String(place) } : {}),
            ...(kind === 'table' ? { table: what } : {}),
            ...(kind === 'key' ? { actor_kind: 'key' as const } : {}),
            ...(kind === 'member' ? { actor_kind: 'member' as const, actor_id: what } : {}),
          },
        ]),
      );
      onDone();
    });
  };
  const day = new Date(now.getTime() - 24 * 3_600_000);
  return (
    <form className="flex flex-col gap-3" onSubmit={submit}>
      <div className="grid grid-cols-2 gap-3 phone:grid-cols-1">
        {places ? (
          <Field label={t('breach.workspace')}>
            <Select name="workspace">
              {places.map((p) => (
                <option key={p.id} value={p.id}>
                  {p.name}
                </option>
              ))}
            </Select>
          </Field>
        ) : null}
        <Field label={t('breach.reach')} hint={t('breach.reach_hint')}>
          <Select name="reach">
            <optgroup label={t('breach.by_audit')}>
              <option value="audit">{t('breach.by_anybody')}</option>
              <option value="key">{t('breach.by_key')}</option>
              {people.map((m) => (
                <option key={m.id} value={`member:${m.id}`}>
                  {m.name}
                </option>
              ))}
            </optgroup>
            <optgroup label={t('breach.by_table')}>
              {w.tables.map((x) => (
                <option key={x} value={`table:${x}`}>
                  {x}
                </option>
              ))}
            </optgroup>
          </Select>
        </Field>
        <Field label={t('breach.from')}>
          <Input name="from" type="datetime-local" required defaultValue={localTime(day)} />
        </Field>
        <Field label={t('breach.to')}>
          <Input
            name="to"
            type="datetime-local"
            required
            defaultValue={localTime(new Date(now.getTime() + 60_000))}
          />
        </Field>
      </div>
      <Refused text={rest} />
      <Button type="submit" busy={busy} className="self-start">
        {t('breach.count')}
      </Button>
    </form>
  );
}
