/** @jsxImportSource preact */
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Icon } from './icon.tsx';
import { openChoices } from './log.ts';
import type { Item } from './outbox.ts';
import { parts } from './rich.ts';
import { fill, type Locale, type Words } from './text.ts';
import type { Visit } from './visit.ts';
import type { Message } from './wire.ts';

type Props = { visit: Visit; w: Words; locale: Locale; top: preact.ComponentChildren };

const near = 80; // pixels from the end within which the reader follows along

/** Everything said so far, following along unless the reader has gone back. */
export function Thread({ visit, w, locale, top }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const follow = useRef(true);
  const [behind, setBehind] = useState(false);
  const { messages, outbox } = visit;
  const said = outbox.items.filter((x) => x.path === 'messages');
  const last = said.at(-1)?.id ?? messages.at(-1)?.id;

  const toEnd = useCallback(() => {
    const el = box.current;
    if (el) el.scrollTop = el.scrollHeight;
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: these are what makes the log longer
  useLayoutEffect(() => {
    if (follow.current || said.length > 0) toEnd();
    else setBehind(true);
  }, [last, visit.thinking, visit.typing, visit.opened]);
  useEffect(() => {
    const el = box.current;
    if (!el) return;
    const watcher = new ResizeObserver(() => follow.current && toEnd());
    watcher.observe(el);
    return () => watcher.disconnect();
  }, [toEnd]);
  const scrolled = () => {
    const el = box.current;
    if (!el) return;
    follow.current = el.scrollHeight - el.scrollTop - el.clientHeight < near;
    if (follow.current) setBehind(false);
  };

  const choices = visit.shut ? undefined : openChoices(messages, said.length);
  return (
    <div class="body">
      <div class="scroll" ref={box} onScroll={scrolled} tabIndex={0} role="group" aria-label={w.log}>
        {top}
        <div class="log" role="log" aria-live="polite" aria-label={w.log}>
          {messages.map((m, i) => (
            <Row
              key={m.client_id || m.id}
              m={m}
              next={messages[i + 1]}
              mine={lastOwn(messages, said)}
              w={w}
              locale={locale}
              visit={visit}
            />
          ))}
          {said.map((item) => (
            <Waiting key={item.id} item={item} visit={visit} w={w} />
          ))}
        </div>
        {choices && (
          <div class="choices">
            {choices.buttons.map((b) => (
              <button
                key={b.id}
                type="button"
                class="choice"
                dir="auto"
                onClick={() => visit.say(b.label, b.id)}
              >
                {b.label}
              </button>
            ))}
          </div>
        )}
        <Typing visit={visit} w={w} />
      </div>
      {behind && (
        <button type="button" class="newest" onClick={toEnd}>
          <Icon name="down" />
          {w.newest}
        </button>
      )}
    </div>
  );
}

/** Id of the visitor's last message, the only one that shows how far it got. */
function lastOwn(messages: readonly Message[], said: readonly Item[]): string {
  return said.length ? '' : (messages.findLast((m) => m.direction === 'in')?.id ?? '');
}

function clock(at: string, locale: Locale): string {
  const t = new Date(at);
  const today = t.toDateString() === new Date().toDateString();
  const day: Intl.DateTimeFormatOptions = today ? {} : { day: 'numeric', month: 'short' };
  return new Intl.DateTimeFormat(locale === 'en' ? 'en-GB' : locale, {
    ...day,
    hour: '2-digit',
    minute: '2-digit',
  }).format(t);
}

type RowProps = {
  m: Message;
  next: Message | undefined;
  mine: string;
  w: Words;
  locale: Locale;
  visit: Visit;
};

function Row({ m, next, mine, w, locale, visit }: RowProps) {
  if (m.event) return <Line kind={m.event.kind} name={m.event.name ?? ''} w={w} />;
  if (m.direction === 'in') {
    return (
      <div class="own">
        <Bubble who={w.you} body={m.body} kind="mine" />
        {m.id === mine && <p class="by">{w[progress(m.status)]}</p>}
      </div>
    );
  }
  const ai = m.author.kind === 'ai';
  const more =
    next && !next.event && next.author.kind === m.author.kind && next.author.name === m.author.name;
  const who = ai ? w.ai : m.author.name;
  return (
    <div class="theirs">
      <Bubble who={who} body={m.body} kind={ai ? 'ai' : 'person'}>
        <Sources m={m} />
      </Bubble>
      {(ai || !more) && (
        <p class="by">
          {ai && <Icon name="spark" />}
          {who ? `${who}, ${clock(m.at, locale)}` : clock(m.at, locale)}
          {ai && m.id && <Report id={m.id} visit={visit} w={w} />}
        </p>
      )}
    </div>
  );
}

/** One word, then the reasons, then thanks. */
function Report({ id, visit, w }: { id: string; visit: Visit; w: Words }) {
  const [step, setStep] = useState(0);
  if (step > 1) return <span role="status">{w.reported}</span>;
  const words = step ? (['wrong', 'biased', 'harmful'] as const) : (['report'] as const);
  return words.map((x) => (
    <button
      key={x}
      type="button"
      class="link"
      onClick={() => {
        if (x !== 'report') visit.report(id, x);
        setStep(step + 1);
      }}
    >
      {w[x]}
    </button>
  ));
}

type BubbleProps = { who: string; body: string; kind: string; children?: preact.ComponentChildren };

function Bubble({ who, body, kind, children }: BubbleProps) {
  return (
    <div class={`bubble ${kind}`}>
      {who && <span class="sr">{who}: </span>}
      <p dir="auto">
        {parts(body).map((p) => {
          if (p.kind === 'bold') return <strong key={p.at}>{p.text}</strong>;
          if (p.kind === 'text') return p.text;
          return (
            <a key={p.at} href={p.url} target="_blank" rel="noopener noreferrer nofollow">
              {p.text}
            </a>
          );
        })}
      </p>
      {children}
    </div>
  );
}

function Sources({ m }: { m: Message }) {
  const sources = m.ai?.sources ?? [];
  if (!sources.length) return null;
  return (
    <ul class="sources">
      {sources.map((s) => {
        const name = s.heading && s.heading !== s.name ? `${s.name}: ${s.heading}` : s.name;
        return (
          <li key={name + s.url} dir="auto">
            <Icon name="book" />
            {/^https?:\/\//i.test(s.url) ? (
              <a href={s.url} target="_blank" rel="noopener noreferrer">
                {name}
              </a>
            ) : (
              <span>{name}</span>
            )}
          </li>
        );
      })}
    </ul>
  );
}

function progress(status: string): 'read' | 'delivered' | 'sent' {
  return status === 'read' || status === 'delivered' ? status : 'sent';
}

function Line({ kind, name, w }: { kind: string; name: string; w: Words }) {
  const text = {
    take_over: name ? fill(w.joined, 'name', name) : w.joinedNobody,
    hand_back: w.handBack,
    hand_over: w.handOver,
    closed: w.closed,
    ended: w.ended,
  }[kind];
  if (!text) return null;
  return (
    <p class="line" dir="auto">
      <Icon name={kind === 'hand_back' ? 'spark' : 'user'} />
      {text}
    </p>
  );
}

function Waiting({ item, visit, w }: { item: Item; visit: Visit; w: Words }) {
  const failed = item.state === 'failed';
  return (
    <div class="own">
      <Bubble who={w.you} body={String(item.body.body)} kind={`mine ${failed ? 'bad' : ''}`} />
      {failed ? (
        <p class="by bad">
          {item.code === 'too_long' ? w.tooLong : w.failed}
          <button type="button" class="link" onClick={() => visit.outbox.retry(item.id)}>
            {w.again}
          </button>
          <button type="button" class="link" onClick={() => visit.outbox.drop(item.id)}>
            {w.drop}
          </button>
        </p>
      ) : (
        <p class="by">{w[item.state]}</p>
      )}
    </div>
  );
}

function Typing({ visit, w }: { visit: Visit; w: Words }) {
  const person = visit.typing !== undefined;
  if (!person && !visit.thinking) return null;
  const who = person ? visit.typing || w.subNobody : w.ai;
  return (
    <div
      class={`bubble typing ${person ? 'person' : 'ai'}`}
      role="img"
      aria-label={fill(w.typing, 'name', who)}
    >
      <i />
      <i />
      <i />
    </div>
  );
}
