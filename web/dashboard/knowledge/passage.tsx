import { passages } from '@core/knowledge.ts';
import { key } from '@core/merge.ts';
import type { Passage } from '@core/types.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Banner, Button, Dialog, Field, Textarea, useToast } from '@ui';
import { type FormEvent, useState } from 'react';
import { useWho } from '../ai/who.ts';
import { SaveOrLeave } from '../shell/save.tsx';
import { useText } from '../state/i18n.ts';
import { Refused } from '../state/sending.tsx';
import { useAdding } from './form.tsx';
import { Phrasings } from './phrasings.tsx';
import { k } from './state.ts';

const longest = 4000;

/** One passage: its text to change, what it said before, and other ways to ask for it. */
export default function PassageDialog({ passage: p, onClose }: { passage: Passage; onClose: () => void }) {
  const { t } = useText();
  const client = useQueryClient();
  const say = useToast();
  const [text, setText] = useState(p.text);
  const { busy, send, at, rest } = useAdding('text');
  const dirty = text.trim() !== p.text;
  const close = () => {
    if (!dirty || window.confirm(t('app.unsaved'))) onClose();
  };
  const submit = (e: FormEvent) => {
    e.preventDefault();
    if (!dirty) return onClose();
    void send(async () => {
      await passages.change(p.id, { text });
      await client.invalidateQueries({ queryKey: key.passages(p.source_id) });
      say(t('app.saved'));
      onClose();
    });
  };
  return (
    <Dialog
      open
      onClose={close}
      title={p.question || p.heading || t('knowledge.passage', { n: p.n })}
      closeLabel={t('app.close')}
      wide
    >
      <form className="flex flex-col gap-4" onSubmit={submit}>
        {p.quarantined && p.suspicion ? (
          <Banner tone="warn" icon="shield" box>
            {t(`knowledge.suspicion.${p.suspicion}`)}
          </Banner>
        ) : null}
        <Field label={t('knowledge.says')} hint={t('knowledge.says_hint')} error={at('text')}>
          <Textarea
            required
            rows={8}
            dir="auto"
            value={text}
            maxLength={longest}
            onChange={(e) => setText(e.target.value)}
          />
        </Field>
        <Refused text={rest} />
        <SaveOrLeave busy={busy} onLeave={close} />
      </form>
      <Phrasings passage={p.id} />
      {p.version > 0 ? <Versions passage={p} onTake={setText} /> : null}
    </Dialog>
  );
}

function Versions({ passage: p, onTake }: { passage: Passage; onTake: (text: string) => void }) {
  const { t, format } = useText();
  const who = useWho();
  const query = useQuery(k.edits(p.id));
  const list = query.data?.items ?? [];
  if (list.length === 0) return null;
  const rows = [
    ...list.map((e) => ({
      no: e.version,
      // What was hidden or shown says the same as before.
      text: e.act === 'edited' ? e.text : undefined,
      at: format.full(e.at),
      who: [t(`knowledge.act.${e.act}`), who(e.by)].filter(Boolean).join(' · '),
    })),
    { no: 0, text: p.original || p.text, at: t('knowledge.as_read'), who: '' },
  ];
  return (
    <section className="mt-5 border-t border-line pt-4">
      <h3 className="mb-2 text-msg weight-650">{t('knowledge.versions')}</h3>
      <ol className="flex flex-col gap-2">
        {rows.map((v) => (
          <li key={v.no} className="rounded-medium border border-line px-3 py-2.5">
            <div className="mb-1 flex items-center gap-2">
              <span className="flex-1 text-meta text-ink-3">
                {v.who ? <span className="font-medium text-ink-2">{v.who}</span> : null} {v.at}
              </span>
              {v.text ? (
                <Button
                  size="s"
                  kind="ghost"
                  icon="undo"
                  aria-label={t('knowledge.take_named', { when: v.at })}
                  onClick={() => onTake(v.text ?? '')}
                >
                  {t('knowledge.take')}
                </Button>
              ) : null}
            </div>
            {v.text ? (
              <p dir="auto" className="text-start break-words whitespace-pre-wrap text-ink-2">
                {v.text}
              </p>
            ) : null}
          </li>
        ))}
      </ol>
    </section>
  );
}
