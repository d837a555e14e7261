import { optIns } from '@core/api.ts';
import { key } from '@core/merge.ts';
import { asProblem } from '@core/problem.ts';
import type { Conversation, OptIn } from '@core/types.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Chip, Dialog, Field, Segmented, Textarea } from '@ui';
import { type FormEvent, useState } from 'react';
import { problemText, useCan } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { q } from '../state/queries.ts';

type Topic = 'messages' | 'marketing';

/** Puts on record that a person allowed to be written to; how it was given is a must. */
export function OptInForm({
  contact,
  channel,
  topic,
  onDone,
}: {
  contact: string;
  channel: string;
  /** Undefined lets one choose. */
  topic?: Topic;
  onDone: () => void;
}) {
  const { t } = useText();
  const client = useQueryClient();
  const [chosen, setChosen] = useState<Topic>('messages');
  const [note, setNote] = useState('');
  const [sure, setSure] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const save = async (e: FormEvent) => {
    e.preventDefault();
    setBusy(true);
    try {
      await optIns.add(contact, { channel_id: channel, topic: topic ?? chosen, note: note.trim() });
      void client.invalidateQueries({ queryKey: key.optIns(contact) });
      onDone();
    } catch (err) {
      setProblem(err);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form className="flex flex-col gap-3" onSubmit={(e) => void save(e)}>
      {topic ? null : (
        <Segmented
          label={t('optin.topic')}
          value={chosen}
          onChange={setChosen}
          choices={(['messages', 'marketing'] as const).map((x) => ({ value: x, label: t(`optin.${x}`) }))}
        />
      )}
      <Field
        label={t('optin.note')}
        hint={t('optin.note_hint')}
        error={problem ? asProblem(problem).fields.note : undefined}
      >
        <Textarea
          rows={2}
          value={note}
          maxLength={500}
          dir="auto"
          onChange={(e) => setNote(e.target.value)}
        />
      </Field>
      <label className="flex items-start gap-2">
        <input type="checkbox" className="mt-1" checked={sure} onChange={(e) => setSure(e.target.checked)} />
        {t('optin.confirm')}
      </label>
      {problem ? (
        <p role="alert" className="text-bad">
          {problemText(t, problem)}
        </p>
      ) : null}
      <div className="flex justify-end">
        <Button type="submit" icon="check" busy={busy} disabled={!sure || note.trim() === ''}>
          {t('optin.save')}
        </Button>
      </div>
    </form>
  );
}

/** What a person allowed this channel to send, and what they stopped. */
export default function OptIns({ c }: { c: Conversation }) {
  const { t } = useText();
  const may = useCan('contact.write');
  const { data, error } = useQuery(q.optIns(c.contact.id));
  const [adding, setAdding] = useState(false);
  const here = data?.items.filter((o) => o.channel.id === c.channel.id) ?? [];
  return (
    <section className="border-t border-line py-3.5">
      <h3 className="mb-[9px] text-meta font-semibold">{t('optin.title')}</h3>
      {error && !data ? <p className="text-bad">{problemText(t, error)}</p> : null}
      {data && here.length === 0 ? <p className="text-ink-3">{t('optin.none')}</p> : null}
      <ul className="flex flex-col gap-2.5">
        {here.map((o) => (
          <One key={o.id} o={o} contact={c.contact.id} may={may} />
        ))}
      </ul>
      {may && data ? (
        <Button size="s" icon="plus" className="mt-2.5" onClick={() => setAdding(true)}>
          {t('optin.record')}
        </Button>
      ) : null}
      {adding ? (
        <Dialog
          open
          onClose={() => setAdding(false)}
          title={t('optin.record_title')}
          closeLabel={t('app.close')}
        >
          <OptInForm contact={c.contact.id} channel={c.channel.id} onDone={() => setAdding(false)} />
        </Dialog>
      ) : null}
    </section>
  );
}

function One({ o, contact, may }: { o: OptIn; contact: string; may: boolean }) {
  const { t, format } = useText();
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const name = o.topic === 'messages' || o.topic === 'marketing' ? t(`optin.${o.topic}`) : o.topic;
  const stop = async () => {
    setBusy(true);
    try {
      await optIns.stop(contact, o.id);
      await client.invalidateQueries({ queryKey: key.optIns(contact) });
    } catch (err) {
      setProblem(err);
    } finally {
      setBusy(false);
    }
  };
  const lines = o.stopped_at
    ? [
        t(o.stopped_by === 'person' ? 'optin.stopped_person' : 'optin.stopped_member', {
          when: format.date(o.stopped_at),
        }),
      ]
    : [
        t(o.source === 'person' ? 'optin.given_person' : 'optin.given', { when: format.date(o.at ?? '') }),
        o.until ? t(o.holds ? 'optin.until' : 'optin.ended', { when: format.date(o.until) }) : '',
        o.by ? t('optin.recorded', { name: o.by }) : '',
      ];
  return (
    <li className="flex flex-col gap-0.5">
      <span className="flex items-center gap-2">
        <Chip tone={o.holds ? 'ok' : 'plain'} icon={o.holds ? 'check' : 'x'}>
          {name}
        </Chip>
        <span className="flex-1" />
        {may && o.holds ? (
          <Button kind="ghost" size="s" busy={busy} onClick={() => void stop()}>
            {t('optin.stop')}
          </Button>
        ) : null}
      </span>
      <span className="text-ink-3">{lines.filter(Boolean).join(' · ')}</span>
      {o.note ? (
        <span dir="auto" className="text-start text-ink-2">
          {o.note}
        </span>
      ) : null}
      {problem ? (
        <span role="alert" className="text-bad">
          {problemText(t, problem)}
        </span>
      ) : null}
    </li>
  );
}
