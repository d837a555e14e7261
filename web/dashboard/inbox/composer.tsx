import { conversations } from '@core/api.ts';
import { firstGap } from '@core/saved.ts';
import type { Conversation } from '@core/types.ts';
import { Button, Chip, cn, Icon, IconButton } from '@ui';
import { type KeyboardEvent, type Ref, useImperativeHandle, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { useDesk } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';

export type ComposerHandle = {
  focus: () => void;
  /** Puts words where the cursor stands; closes: sending them closes the conversation. */
  insert: (words: string, closes: boolean) => void;
};
export type Kind = 'text' | 'note';
const typingEvery = 3_000;
const noteLimit = 10_000;

type ComposerProps = {
  c: Conversation;
  kind: Kind;
  onKind: (kind: Kind) => void;
  /** The draft being edited; its text is in the field. */
  draft?: { id: string; body: string };
  onLeaveDraft?: () => void;
  onSaved: () => void;
  onSent: () => void;
  ref?: Ref<ComposerHandle>;
};

/** Where a member writes: to the contact, or a note to colleagues. */
export function Composer({ c, kind, onKind, draft, onLeaveDraft, onSaved, onSent, ref }: ComposerProps) {
  const { t, format } = useText();
  const { live } = useDesk();
  const field = useRef<HTMLTextAreaElement>(null);
  const place = draft ? `draft/${draft.id}` : `${kind}/${c.id}`;
  const [, redraw] = useState(0);
  const text = live.unsent.get(place) ?? draft?.body ?? '';
  const lastTyping = useRef(0);
  const limit = kind === 'note' ? noteLimit : c.skills.text_limit || noteLimit;
  const length = [...text].length;
  const gap = kind === 'text' && firstGap(text) !== undefined;
  const ready = text.trim() !== '' && length <= limit && !gap;
  const [closes, setCloses] = useState(false);

  const write = (value: string) => {
    live.unsent.set(place, value);
    redraw((n) => n + 1);
    if (kind === 'note' || value === '') return;
    const now = Date.now();
    if (now - lastTyping.current < typingEvery) return;
    lastTyping.current = now;
    conversations.typing(c.id).catch(() => {
      // Only a courtesy to the other side.
    });
  };

  const insert = (words: string, close: boolean) => {
    const el = field.current;
    if (!el) return;
    const from = el.selectionStart;
    flushSync(() => {
      write(text.slice(0, from) + words + text.slice(el.selectionEnd));
      if (close && kind === 'text') setCloses(true);
    });
    el.focus();
    const open = firstGap(words);
    const [start, end] = open ?? [words.length, words.length];
    el.setSelectionRange(from + start, from + end);
  };
  useImperativeHandle(ref, () => ({ focus: () => field.current?.focus(), insert }));

  const send = (close: boolean) => {
    if (!ready) {
      const open = firstGap(text);
      if (gap && open) field.current?.setSelectionRange(...open);
      return;
    }
    setCloses(false);
    live.unsent.delete(place);
    live.outbox.add({
      conversation_id: c.id,
      body: text.trim(),
      kind,
      close: (close || closes) && kind === 'text',
      draft_id: draft?.id ?? '',
    });
    redraw((n) => n + 1);
    onSent();
  };

  const onKeyDown = (e: KeyboardEvent) => {
    if (e.nativeEvent.isComposing) return;
    if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) {
      e.preventDefault();
      send(e.shiftKey);
    } else if (e.key === 'Escape') {
      e.preventDefault();
      if (draft && onLeaveDraft && text === draft.body) onLeaveDraft();
      else field.current?.blur();
    }
  };

  const note = kind === 'note';
  return (
    <section
      aria-label={t('composer.label')}
      className={cn(
        'mx-4 mb-3.5 flex-none overflow-hidden rounded-large border shadow-2 focus-within:border-line-2 phone:mx-2 phone:mb-2',
        note ? 'border-note-line bg-note' : draft ? 'border-ai-line bg-surface' : 'border-line bg-surface',
      )}
    >
      <div className="flex items-center gap-1 px-2 pt-2">
        {draft ? (
          <Chip tone="ai" icon="spark" className="ms-1">
            {t('draft.editing')}
          </Chip>
        ) : (
          (['text', 'note'] as const).map((k) => (
            <button
              key={k}
              type="button"
              aria-pressed={kind === k}
              onClick={() => {
                onKind(k);
                field.current?.focus();
              }}
              className={cn(
                'h-7 rounded-small px-2.5 phone:h-9',
                kind === k ? 'font-semibold' : 'font-medium',
                note ? 'text-note-ink' : kind === k ? 'text-ink' : 'text-ink-2',
                kind === k && (note ? 'bg-note-line/60' : 'bg-hover'),
              )}
            >
              {t(k === 'text' ? 'composer.reply' : 'composer.note')}
            </button>
          ))
        )}
        <span className="flex-1" />
        {length > limit * 0.8 ? (
          <span
            className={cn('num px-2 text-meta', length > limit ? 'text-bad' : 'text-ink-3')}
            role="status"
          >
            {format.number(limit - length)}
          </span>
        ) : null}
        {draft && onLeaveDraft ? (
          <IconButton icon="undo" label={t('draft.leave')} size="s" onClick={onLeaveDraft} />
        ) : null}
      </div>
      <textarea
        ref={field}
        value={text}
        dir="auto"
        rows={2}
        onChange={(e) => write(e.target.value)}
        onKeyDown={onKeyDown}
        aria-label={note ? t('composer.note_label') : t('composer.reply_label')}
        aria-invalid={length > limit || undefined}
        placeholder={note ? t('composer.note_hint') : t('composer.reply_hint')}
        className="block field-sizing-content max-h-60 min-h-16 w-full resize-none bg-transparent px-3.5 py-2 text-msg outline-none focus-visible:shadow-none phone:text-[16px]"
      />
      <div className="flex items-center gap-1 px-2.5 pb-2">
        <IconButton icon="bolt" label={t('composer.saved')} keys="m" size="s" onClick={onSaved} />
        <span className="flex min-w-0 items-center gap-1.5 ps-1 text-meta text-ink-3" role="status">
          {note ? (
            <>
              <Icon name="lock" size={13} />
              {t('composer.note_text')}
            </>
          ) : gap ? (
            <span className="text-warn">{t('composer.gap')}</span>
          ) : closes ? (
            <>
              <Icon name="check" size={13} />
              {t('composer.closes')}
              <IconButton
                icon="x"
                size="s"
                label={t('composer.keep_open')}
                onClick={() => setCloses(false)}
              />
            </>
          ) : null}
        </span>
        <span className="flex-1" />
        {!note && !closes ? (
          <Button kind="ghost" size="m" disabled={!ready} onClick={() => send(true)} className="phone:hidden">
            {t('composer.send_close')}
          </Button>
        ) : null}
        <Button
          kind="primary"
          icon={note ? 'note' : 'send'}
          keys="mod+enter"
          disabled={!ready}
          onClick={() => send(false)}
        >
          {note ? t('composer.save_note') : closes ? t('composer.send_close') : t('composer.send')}
        </Button>
      </div>
    </section>
  );
}
