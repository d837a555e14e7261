import { cases, type WholeCase } from '@core/cases.ts';
import { Card, CardBody, Chip, cn, Field, Input, Segmented } from '@ui';
import { useState } from 'react';
import { useCan } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { useCaseActs } from './case.tsx';
import { Say } from './say.tsx';
import { waits } from './state.ts';

type Line = WholeCase['lines'][number];

/** What was said: the person's words, letters to them, notes between those who work on it. */
export function Lines({ c }: { c: WholeCase }) {
  const { t } = useText();
  const may = useCan('case.write') && c.person !== null;
  return (
    <Card title={t('request.lines')} text={t('request.lines_text')}>
      <ul aria-label={t('request.lines')}>
        {c.lines.map((l) => (
          <OneLine key={l.id} l={l} />
        ))}
      </ul>
      {may ? (
        <CardBody className="border-t border-line pt-4">
          <Write c={c} />
        </CardBody>
      ) : null}
    </Card>
  );
}

function OneLine({ l }: { l: Line }) {
  const { t, format } = useText();
  return (
    <li className="border-t border-line px-[18px] py-3">
      <p className="mb-1 flex flex-wrap items-center gap-2 text-meta text-ink-3">
        <span className="font-medium text-ink-2">{t(`request.line.${l.kind}`)}</span>
        {format.full(l.at)}
        {l.mail ? (
          <Chip tone={l.mail === 'failed' ? 'bad' : l.mail === 'sent' ? 'ok' : 'plain'}>
            {t(`request.mail.${l.mail}`)}
          </Chip>
        ) : null}
      </p>
      <p
        dir="auto"
        className={cn(
          'text-start break-words whitespace-pre-wrap',
          l.kind === 'note' && 'rounded-medium bg-note px-3 py-2 text-note-ink',
        )}
      >
        {l.body}
      </p>
    </li>
  );
}

function Write({ c }: { c: WholeCase }) {
  const { t } = useText();
  const take = useCaseActs(c.id);
  const [kind, setKind] = useState<'note' | 'letter' | 'extend'>('note');
  const [days, setDays] = useState(c.may_extend);
  const kinds = (['note', 'letter', 'extend'] as const).filter((k) =>
    k === 'extend' ? c.may_extend > 0 && waits(c) : true,
  );
  const run = (text: string) =>
    take(kind === 'extend' ? cases.extend(c.id, days, text) : cases[kind](c.id, text));
  return (
    <div className="flex flex-col items-stretch gap-3">
      <span className="self-start">
        <Segmented
          label={t('request.write')}
          value={kind}
          onChange={setKind}
          choices={kinds.map((k) => ({ value: k, label: t(`request.write_${k}`) }))}
        />
      </span>
      <Say
        key={kind}
        label={t(`request.write_${kind}`)}
        hint={t(`request.write_${kind}_hint`)}
        action={t(`request.do_${kind}`)}
        onSay={run}
      >
        {kind === 'extend' ? (
          <Field label={t('request.by_days')}>
            <Input
              type="number"
              min={1}
              max={c.may_extend}
              value={days}
              onChange={(e) => setDays(Number(e.target.value))}
              className="max-w-28"
            />
          </Field>
        ) : null}
      </Say>
    </div>
  );
}
