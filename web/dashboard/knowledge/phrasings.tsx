import { phrasings } from '@core/knowledge.ts';
import type { Phrasing } from '@core/types.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Chip, Field, IconButton, Input } from '@ui';
import { type FormEvent, useState } from 'react';
import { useCan, useTry } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { Refused } from '../state/sending.tsx';
import { useAdding } from './form.tsx';

/** Other ways to ask for a passage: written, learned from gaps, or suggested and waiting. */
export function Phrasings({ passage }: { passage: string }) {
  const { t } = useText();
  const may = useCan('knowledge.write');
  const client = useQueryClient();
  const at = ['phrasings', passage];
  const query = useQuery({
    queryKey: at,
    queryFn: ({ signal }) => phrasings.list(passage, { signal }),
    staleTime: 0,
  });
  const again = () => client.invalidateQueries({ queryKey: at });
  const [text, setText] = useState('');
  const sending = useAdding('text');
  const add = (e: FormEvent) => {
    e.preventDefault();
    e.stopPropagation();
    if (!text.trim()) return;
    void sending.send(async () => {
      await phrasings.add(passage, text.trim());
      setText('');
      await again();
    });
  };
  return (
    <section className="mt-5 border-t border-line pt-4">
      <h3 className="text-msg weight-650">{t('knowledge.phrasings')}</h3>
      <p className="mb-2 text-ink-3">{t('knowledge.phrasings_text')}</p>
      <ul className="mb-2.5">
        {(query.data?.items ?? []).map((p) => (
          <One key={p.id} p={p} may={may} onDone={again} />
        ))}
      </ul>
      {may ? (
        <form className="flex items-end gap-2" onSubmit={add}>
          <Field label={t('knowledge.phrasing_new')} error={sending.at('text')} className="flex-1">
            <Input value={text} dir="auto" maxLength={500} onChange={(e) => setText(e.target.value)} />
          </Field>
          <Button
            type="submit"
            icon="plus"
            busy={sending.busy}
            disabled={!text.trim()}
            className="phone:h-11!"
          >
            {t('knowledge.phrasing_add')}
          </Button>
        </form>
      ) : null}
      <Refused text={sending.rest} />
    </section>
  );
}

function One({ p, may, onDone }: { p: Phrasing; may: boolean; onDone: () => Promise<void> }) {
  const { t } = useText();
  const attempt = useTry();
  const act = (run: () => Promise<unknown>) =>
    void attempt(async () => {
      await run();
      await onDone();
    });
  return (
    <li className="flex min-h-9 items-center gap-2 border-t border-line py-1 first:border-0">
      <span dir="auto" className="min-w-0 flex-1 text-start break-words">
        {p.text}
      </span>
      {p.asked ? <Chip icon="chat">{t('knowledge.phrasing_asked')}</Chip> : null}
      {p.state === 'suggested' ? (
        <Chip tone="ai" icon="spark">
          {t('knowledge.phrasing_suggested')}
        </Chip>
      ) : null}
      {may && p.state === 'suggested' ? (
        <IconButton
          icon="check"
          size="s"
          label={t('knowledge.phrasing_approve', { text: p.text })}
          onClick={() => act(() => phrasings.approve(p.id))}
        />
      ) : null}
      {may ? (
        <IconButton
          icon="trash"
          size="s"
          label={t('knowledge.phrasing_remove', { text: p.text })}
          onClick={() => act(() => phrasings.remove(p.id))}
        />
      ) : null}
    </li>
  );
}
