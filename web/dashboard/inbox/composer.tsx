import { conversations } from '@core/api.ts';
import { firstGap } from '@core/gap.ts';
import { serverNow } from '@core/http.ts';
import type { Conversation, Message } from '@core/types.ts';
import { windowOf } from '@core/window.ts';
import { Button, Chip, cn, Icon, IconButton, patient } from '@ui';
import {
  type ClipboardEvent,
  type KeyboardEvent,
  lazy,
  type ReactNode,
  type Ref,
  Suspense,
  useImperativeHandle,
  useRef,
  useState,
} from 'react';
import { flushSync } from 'react-dom';
import { useNow } from '../state/box.ts';
import { useDesk, useUploads } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { AttachButton, useDrop } from './drop.tsx';
import { TemplateButton } from './templatebutton.tsx';
import { WindowEnd, WindowOver } from './window.tsx';

const Attached = lazy(patient(() => import('./attached.tsx')));

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
  /** The message that the next one answers. */
  answering?: Message | null;
  onAnswerNone?: () => void;
  onSaved: () => void;
  onSent: () => void;
  /** Further buttons of the row below the field. */
  tools?: ReactNode;
  ref?: Ref<ComposerHandle>;
};

/** Where a member writes: to the contact, or a note to colleagues. */
export function Composer(props: ComposerProps) {
  const { c, kind, onKind, draft, onLeaveDraft, answering, onAnswerNone, onSaved, onSent, tools, ref } =
    props;
  const { t, format } = useText();
  const { live } = useDesk();
  const field = useRef<HTMLTextAreaElement>(null);
  const place = draft ? `draft/${draft.id}` : `${kind}/${c.id}`;
  const [, redraw] = useState(0);
  const text = live.unsent.get(place) ?? draft?.body ?? '';
  const lastTyping = useRef(0);
  const note = kind === 'note';
  const limit = note ? noteLimit : c.skills.text_limit || noteLimit;
  const length = [...text].length;
  const [closes, setCloses] = useState(false);
  useNow(); // the window may end while one looks
  const state = note ? undefined : windowOf(c, serverNow());
  const shut = state === 'closed';
  const gap = !note && firstGap(text) !== undefined;
  const takesFiles = !note && !draft && !shut && c.skills.files.length > 0;
  const files = useUploads(c.id);
  const chosen = takesFiles ? files : [];
  const going = chosen.some((u) => u.state === 'going');
  const sendable = chosen.filter((u) => u.state === 'ready');
  const complete = !going && !gap && !shut && !chosen.some((u) => u.state === 'failed');
  const ready = complete && length <= limit && (text.trim() !== '' || sendable.length > 0);

  const write = (value: string) => {
    live.unsent.set(place, value);
    redraw((n) => n + 1);
    if (note || value === '') return;
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
      if (close && !note) setCloses(true);
    });
    el.focus();
    const [start, end] = firstGap(words) ?? [words.length, words.length];
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
    const taken = takesFiles ? live.uploads.take(c.id) : [];
    live.outbox.add({
      conversation_id: c.id,
      body: text.trim(),
      kind,
      close: (close || closes) && !note,
      draft_id: draft?.id ?? '',
      reply_to: note || draft ? '' : (answering?.id ?? ''),
      files: taken.map((u) => ({ id: u.id, kind: u.kind, name: u.file.name, preview: u.preview })),
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
  const attach = (list: Iterable<File>) => live.uploads.add(c.id, list, c.skills.files);
  const drop = useDrop(takesFiles, attach);
  const onPaste = (e: ClipboardEvent) => {
    // A word processor copies words and a picture of them: the words are meant.
    if (!takesFiles || !e.clipboardData.files.length || e.clipboardData.getData('text/plain')) return;
    e.preventDefault();
    attach(e.clipboardData.files);
  };

  return (
    <section
      aria-label={t('composer.label')}
      {...drop.on}
      className={cn(
        'relative mx-4 mb-3.5 flex-none overflow-hidden rounded-large border shadow-2 focus-within:border-line-2 phone:mx-2 phone:mb-2',
        note ? 'border-note-line bg-note' : draft ? 'border-ai-line bg-surface' : 'border-line bg-surface',
      )}
    >
      {drop.over ? (
        <div className="absolute inset-0 z-10 grid place-items-center rounded-large border-2 border-dashed border-brand bg-brand-soft font-medium text-brand-ink">
          {t('composer.drop')}
        </div>
      ) : null}
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
      {state === 'person' || shut ? <WindowOver c={c} state={state} /> : null}
      {answering && !note && !draft && !shut ? (
        <Answering m={answering} c={c} onNone={onAnswerNone ?? (() => {})} />
      ) : null}
      {shut ? null : (
        <textarea
          ref={field}
          value={text}
          dir="auto"
          rows={2}
          onChange={(e) => write(e.target.value)}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
          aria-label={note ? t('composer.note_label') : t('composer.reply_label')}
          aria-invalid={length > limit || undefined}
          placeholder={note ? t('composer.note_hint') : t('composer.reply_hint')}
          className="block field-sizing-content max-h-60 min-h-16 w-full resize-none bg-transparent px-3.5 py-2 text-msg outline-none focus-visible:shadow-none phone:text-[16px]"
        />
      )}
      {chosen.length ? (
        <Suspense>
          <Attached uploads={live.uploads} items={chosen} />
        </Suspense>
      ) : null}
      <div className="flex flex-wrap items-center gap-1 px-2.5 pt-1 pb-2">
        {takesFiles ? <AttachButton takes={c.skills.files} onFiles={attach} /> : null}
        {shut ? null : (
          <IconButton icon="bolt" label={t('composer.saved')} keys="m" size="s" onClick={onSaved} />
        )}
        {note || draft || !c.skills.templates ? null : <TemplateButton c={c} instead={shut} />}
        {note ? null : tools}
        <span className="flex min-w-0 flex-1 items-center gap-1.5 ps-1 text-meta text-ink-3" role="status">
          {note ? (
            <>
              <Icon name="lock" size={13} />
              {t('composer.note_text')}
            </>
          ) : gap ? (
            <span className="text-warn">{t('composer.gap')}</span>
          ) : going ? (
            t('composer.uploading')
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
          ) : state ? (
            <WindowEnd c={c} state={state} />
          ) : null}
        </span>
        {shut ? null : (
          <>
            {!note && !closes ? (
              <Button
                kind="ghost"
                size="m"
                disabled={!ready}
                onClick={() => send(true)}
                className="phone:hidden"
              >
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
          </>
        )}
      </div>
    </section>
  );
}

/** The message that the next one answers, and the way out of it. */
function Answering({ m, c, onNone }: { m: Message; c: Conversation; onNone: () => void }) {
  const { t } = useText();
  const name = m.author.kind === 'contact' ? c.contact.name || t('contact.visitor') : m.author.name;
  return (
    <div className="mx-2.5 mt-2 flex items-center gap-2 rounded-medium border-s-2 border-brand bg-sunken py-1 ps-2.5 pe-1">
      <div className="min-w-0 flex-1">
        <p className="truncate text-meta font-medium">
          {t('composer.answering', { name: name || t('author.ai') })}
        </p>
        <p dir="auto" className="truncate text-start text-ink-3">
          {m.body || m.fallback}
        </p>
      </div>
      <IconButton icon="x" size="s" label={t('composer.answer_none')} onClick={onNone} />
    </div>
  );
}
