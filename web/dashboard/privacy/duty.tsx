import { type DutyLine, duties, hashOf, type WholeDuty } from '@core/duties.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import {
  Banner,
  Button,
  Card,
  CardBody,
  Chip,
  Field,
  Icon,
  Input,
  Segmented,
  Textarea,
  type Tone,
  useToast,
} from '@ui';
import { type FormEvent, useState } from 'react';
import { Confirm } from '../shell/confirm.tsx';
import { Answered } from '../shell/page.tsx';
import { useCan } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { Refused, useSending } from '../state/sending.tsx';
import { DueChip, dutyTitle } from './duties.tsx';
import { dutiesKey } from './state.ts';

type Verdict = Exclude<DutyLine['verdict'], ''>;
type Said = Record<string, { verdict?: Verdict; why: string }>;

const keyOf = (id: string) => [...dutiesKey, 'one', id] as const;

/** One duty: what there is to read, what to decide, and the signature. */
export default function OneDuty({ id }: { id: string }) {
  const { t } = useText();
  const query = useQuery({
    queryKey: keyOf(id),
    queryFn: ({ signal }) => duties.get(id, { signal }),
    staleTime: 0,
    refetchOnWindowFocus: false, // nobody's half-made decisions are taken away
  });
  const d = query.data;
  return (
    <>
      <Link
        to="/data-rights/{-$tab}/{-$id}"
        params={{ tab: 'records', id: undefined }}
        className="mb-3 inline-flex items-center gap-1.5 font-medium text-ink-2 hover:text-ink"
      >
        <Icon name="left" />
        {t('duty.back')}
      </Link>
      <Answered query={query}>{d ? <Whole key={d.document_sha256} d={d} /> : null}</Answered>
    </>
  );
}

function Whole({ d }: { d: WholeDuty }) {
  const { t } = useText();
  const may = useCan('case.write') && d.state === 'open';
  const [said, setSaid] = useState<Said>({});
  return (
    <>
      <Card title={dutyTitle(t, d)} text={t(`duty.kind_text.${d.kind}`)} action={<DueChip d={d} />}>
        <CardBody>
          {d.changed ? (
            <Banner tone="warn" icon="alert" box>
              {t('duty.changed')}
            </Banner>
          ) : null}
          <Facts d={d} />
          {may && !d.standing ? <Drop d={d} /> : null}
        </CardBody>
      </Card>
      {d.sections.map((s) => (
        <Card key={s.title} title={s.title}>
          <ul className="list-disc px-[18px] pb-4 ps-9 text-ink-2">
            {s.lines.map((line) => (
              <li key={line} className="py-0.5 break-words" dir="auto">
                {line}
                {d.kind === 'notice' ? <Copy text={line} /> : null}
              </li>
            ))}
          </ul>
        </Card>
      ))}
      {d.lines.length ? (
        <Card title={t(`duty.decide.${d.kind as 'access'}`)}>
          <ul className="mt-2" aria-label={t(`duty.decide.${d.kind as 'access'}`)}>
            {d.lines.map((l) => (
              <Line
                key={l.key}
                d={d}
                l={l}
                may={may}
                said={said[l.key]}
                onSay={(one) => setSaid((all) => ({ ...all, [l.key]: one }))}
              />
            ))}
          </ul>
        </Card>
      ) : null}
      {may ? <Sign d={d} said={said} /> : null}
    </>
  );
}

function Facts({ d }: { d: WholeDuty }) {
  const { t, format } = useText();
  const rows = [
    [t('duty.every'), d.every_days ? t('duty.again', { n: format.number(d.every_days) }) : ''],
    [t('duty.note'), d.note],
    [
      t('duty.signed'),
      d.done_at
        ? t('duty.signed_by', { name: d.signed_by || t('duty.left'), when: format.full(d.done_at) })
        : '',
    ],
    [t('duty.hash'), d.state === 'done' ? d.document_sha256 : ''],
  ].filter(([, value]) => value);
  if (rows.length === 0) return null;
  return (
    <dl className="grid grid-cols-[max-content_1fr] gap-x-4 gap-y-1 phone:grid-cols-1">
      {rows.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-ink-3">{name}</dt>
          <dd className="num min-w-0 break-words phone:mb-1" dir="auto">
            {value}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** Words that are there to be used elsewhere. */
function Copy({ text }: { text: string }) {
  const { t } = useText();
  const say = useToast();
  return (
    <div className="mt-1.5 mb-2.5">
      <Button
        size="s"
        icon="copy"
        aria-label={t('duty.copy', { text })}
        onClick={() => void navigator.clipboard.writeText(text).then(() => say(t('breach.copied')))}
      >
        {t('breach.copy')}
      </Button>
    </div>
  );
}

const tones: Record<Verdict, Tone> = {
  keep: 'plain',
  remove: 'bad',
  low: 'ok',
  medium: 'warn',
  high: 'bad',
  outweighs: 'ok',
  yields: 'bad',
  done: 'ok',
  not_needed: 'plain',
};

/** What is decided so wants a reason. */
const explained = (v?: Verdict) => v === 'high' || v === 'yields' || v === 'not_needed';

function Line({
  d,
  l,
  may,
  said,
  onSay,
}: {
  d: WholeDuty;
  l: DutyLine;
  may: boolean;
  said: Said[string] | undefined;
  onSay: (one: Said[string]) => void;
}) {
  const { t } = useText();
  const [first, ...rest] = l.detail;
  const title = l.name || (l.key.startsWith('member:') ? t('duty.left') : '');
  const what = title ? `${title} · ${l.words}` : l.words;
  const needsWhy = explained(said?.verdict);
  return (
    <li className="flex flex-col gap-2 border-t border-line px-[18px] py-3.5">
      <div className="flex flex-wrap items-start gap-x-3 gap-y-2">
        <span className="min-w-48 flex-1">
          <span className="block font-medium break-words" dir="auto">
            {what}
          </span>
          {first ? <span className="block break-words text-ink-2">{first}</span> : null}
        </span>
        {l.verdict ? (
          <Chip tone={tones[l.verdict]}>{t(`duty.verdict.${l.verdict}`)}</Chip>
        ) : may ? (
          <Segmented
            label={what}
            value={said?.verdict ?? ('' as Verdict)}
            choices={d.verdicts.map((v) => ({
              value: v as Verdict,
              label: t(`duty.verdict.${v as Verdict}`),
            }))}
            onChange={(verdict) => onSay({ why: said?.why ?? '', verdict })}
          />
        ) : null}
      </div>
      {rest.length ? (
        <ul className="border-s-2 border-line-2 ps-3 text-ink-3">
          {rest.map((line) => (
            <li key={line} className="break-words" dir="auto">
              {line}
            </li>
          ))}
        </ul>
      ) : null}
      {l.why ? (
        <p className="break-words text-ink-2" dir="auto">
          {l.why}
        </p>
      ) : null}
      {needsWhy ? (
        <Field label={t(`duty.why.${said.verdict as 'high'}`)}>
          <Textarea
            rows={2}
            maxLength={4000}
            dir="auto"
            value={said.why}
            onChange={(e) => onSay({ ...said, why: e.target.value })}
          />
        </Field>
      ) : null}
    </li>
  );
}

function Sign({ d, said }: { d: WholeDuty; said: Said }) {
  const { t, format } = useText();
  const client = useQueryClient();
  const { busy, send, at, rest } = useSending('document_sha256');
  const [hash, setHash] = useState('');
  const elsewhere = d.kind === 'training' || d.kind === 'agreement' || d.kind === 'drill';
  const open = d.lines.filter((l) => {
    const one = said[l.key];
    return !one?.verdict || (explained(one.verdict) && !one.why.trim());
  }).length;
  const removes = Object.values(said).filter((one) => one.verdict === 'remove').length;
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const note = String(new FormData(e.currentTarget).get('note') ?? '').trim();
    void send(async () => {
      const made = await duties.sign(d.id, {
        document_sha256: elsewhere ? hash : d.document_sha256,
        note,
        verdicts: d.lines.flatMap((l) => {
          const one = said[l.key];
          return one?.verdict ? [{ key: l.key, verdict: one.verdict, why: one.why.trim() }] : [];
        }),
      });
      client.setQueryData(keyOf(d.id), made);
      await client.invalidateQueries({ queryKey: dutiesKey, predicate: (x) => x.queryKey[1] !== 'one' });
    });
  };
  return (
    <Card title={t('duty.sign')} text={t('duty.sign_text')}>
      <form onSubmit={submit}>
        <CardBody>
          {elsewhere ? (
            <Field
              label={d.kind === 'agreement' ? t('duty.file') : t('duty.file_optional')}
              hint={hash ? t('duty.file_hash', { hash: hash.slice(0, 16) }) : t('duty.file_hint')}
              error={at('document_sha256')}
            >
              <Input
                type="file"
                className="py-1.5"
                required={d.kind === 'agreement'}
                onChange={(e) => {
                  const file = e.target.files?.[0];
                  if (file) void hashOf(file).then(setHash);
                  else setHash('');
                }}
              />
            </Field>
          ) : null}
          <Field label={t('duty.note')} hint={t('duty.note_hint')}>
            <Textarea name="note" rows={3} maxLength={4000} dir="auto" />
          </Field>
          {removes ? (
            <Banner tone="warn" icon="alert" box>
              {t('duty.removes', { count: removes })}
            </Banner>
          ) : null}
          <Refused text={rest} />
          <div className="flex flex-wrap items-center gap-3">
            <Button type="submit" kind="primary" icon="check" busy={busy} disabled={open > 0}>
              {t('duty.sign')}
            </Button>
            {open ? (
              <p className="num text-ink-3">
                {t('duty.undecided', { n: format.number(open), of: format.number(d.lines.length) })}
              </p>
            ) : null}
          </div>
        </CardBody>
      </form>
    </Card>
  );
}

function Drop({ d }: { d: WholeDuty }) {
  const { t } = useText();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button size="s" className="self-start" onClick={() => setAsking(true)}>
        {t('duty.drop')}
      </Button>
      {asking ? (
        <Confirm
          title={t('duty.drop_sure')}
          text={dutyTitle(t, d)}
          action={t('duty.drop')}
          onClose={() => setAsking(false)}
          onRun={async () => {
            await duties.drop(d.id);
            await navigate({ to: '/data-rights/{-$tab}/{-$id}', params: { tab: 'records', id: undefined } });
            await client.invalidateQueries({ queryKey: [...dutiesKey, 'open'] });
          }}
        />
      ) : null}
    </>
  );
}
