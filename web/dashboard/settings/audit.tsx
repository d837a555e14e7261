import { type AuditFilter, audit } from '@core/api.ts';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Button, Card, EmptyState, Field, Input, Select } from '@ui';
import { useState } from 'react';
import { More } from '../shell/more.tsx';
import { Answered } from '../shell/page.tsx';
import { useCan, useTry } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { q } from '../state/queries.ts';
import { saveAs } from './saveas.ts';

/** What is recorded, by the first word of its name. */
const subjects = [
  'ai',
  'alert',
  'audit',
  'case',
  'channel',
  'consent',
  'contact',
  'conversation',
  'factor',
  'finding',
  'gap',
  'key',
  'knowledge',
  'lab',
  'member',
  'passage',
  'phrasing',
  'privacy',
  'saved_reply',
  'session',
  'source',
  'workspace',
] as const;

const columns = ['no', 'at', 'actor', 'action', 'object', 'reason'] as const;

/** Who did what, in an order nobody can change afterwards. */
export function AuditTab() {
  const { t, format } = useText();
  const [filter, setFilter] = useState<AuditFilter>({});
  const query = useInfiniteQuery(q.audit(filter));
  const rows = query.data?.pages.flatMap((p) => p.items) ?? [];
  const people = useQuery({ ...q.members(), enabled: useCan('member.read') }).data?.items ?? [];
  const named = (object: string) => people.find((m) => object === `member ${m.id}`)?.name;
  const narrowed = Object.values(filter).some(Boolean);
  return (
    <Card
      title={t('settings.audit')}
      text={t('settings.audit_text')}
      action={<TableButton filter={filter} />}
    >
      <Narrow filter={filter} onChange={setFilter} />
      <Answered query={query}>
        {rows.length === 0 ? (
          <EmptyState icon="shield" title={t(narrowed ? 'audit.none' : 'audit.empty')} />
        ) : (
          <div
            tabIndex={0}
            role="group"
            aria-label={t('settings.audit')}
            className="ring-inner overflow-x-auto border-t border-line"
          >
            <table className="w-full border-collapse text-start">
              <thead>
                <tr className="border-b border-line text-meta text-ink-3">
                  {columns.map((h) => (
                    <th
                      key={h}
                      scope="col"
                      className="px-[18px] py-1.5 text-start weight-550 whitespace-nowrap first:phone:hidden phone:px-2 phone:nth-2:ps-[18px]"
                    >
                      {t(`audit.${h}`)}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {rows.map((r) => (
                  <tr key={r.no} className="border-b border-line last:border-0">
                    <td className="num px-[18px] py-2 text-ink-3 phone:hidden">{format.number(r.no)}</td>
                    <td className="num px-[18px] py-2 whitespace-nowrap phone:min-w-24 phone:pe-2 phone:whitespace-normal">
                      {format.full(r.at)}
                    </td>
                    <td className="px-[18px] py-2 phone:px-2">{r.actor}</td>
                    <td className="px-[18px] py-2 font-mono text-meta phone:px-2">{r.action}</td>
                    <td className="px-[18px] py-2 phone:px-2">
                      {named(r.object) ? <span className="block">{named(r.object)}</span> : null}
                      <span className="font-mono text-meta text-ink-3">{r.object}</span>
                    </td>
                    <td className="px-[18px] py-2 text-ink-3 phone:px-2">{r.reason}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
        <More query={query} />
      </Answered>
    </Card>
  );
}

/** Midnight of a day as it is here; "to" is the end of its day. */
function moment(day: string, end: boolean): string | undefined {
  if (!day) return undefined;
  const at = new Date(`${day}T00:00:00`);
  if (end) at.setDate(at.getDate() + 1);
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}

/** Chooses who, what and when. */
function Narrow({ filter, onChange }: { filter: AuditFilter; onChange: (filter: AuditFilter) => void }) {
  const { t } = useText();
  const people = useQuery({ ...q.members(), enabled: useCan('member.read') }).data?.items ?? [];
  const [days, setDays] = useState({ from: '', to: '' });
  const day = (name: 'from' | 'to') => (
    <Field label={t(`audit.${name}`)}>
      <Input
        type="date"
        value={days[name]}
        onChange={(e) => {
          setDays({ ...days, [name]: e.target.value });
          onChange({ ...filter, [name]: moment(e.target.value, name === 'to') });
        }}
      />
    </Field>
  );
  return (
    <div className="grid grid-cols-4 gap-3 px-[18px] pb-4 max-[900px]:grid-cols-2">
      <Field label={t('audit.actor')}>
        <Select
          value={filter.actor ?? ''}
          onChange={(e) => onChange({ ...filter, actor: e.target.value || undefined })}
        >
          <option value="">{t('audit.everybody')}</option>
          {people.map((m) => (
            <option key={m.id} value={m.id}>
              {m.name}
            </option>
          ))}
        </Select>
      </Field>
      <Field label={t('audit.action')}>
        <Select
          value={filter.action ?? ''}
          onChange={(e) => onChange({ ...filter, action: e.target.value || undefined })}
        >
          <option value="">{t('audit.everything')}</option>
          {subjects.map((s) => (
            <option key={s} value={s}>
              {t(`audit.about.${s}`)}
            </option>
          ))}
        </Select>
      </Field>
      {day('from')}
      {day('to')}
    </div>
  );
}

/** The record as it is narrowed, as a file. */
function TableButton({ filter }: { filter: AuditFilter }) {
  const { t } = useText();
  const attempt = useTry();
  const [busy, setBusy] = useState(false);
  const save = async () => {
    setBusy(true);
    const table = await attempt(() => audit.table(filter));
    if (table) saveAs('parley-audit.csv', table);
    setBusy(false);
  };
  return (
    <Button size="s" icon="load" busy={busy} onClick={() => void save()}>
      {t('audit.table')}
    </Button>
  );
}
