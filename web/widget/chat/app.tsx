/** @jsxImportSource preact */
import { useEffect, useRef, useState } from 'preact/hooks';
import { ConsentCard, type Contact, ContactCard, Privacy } from './card.tsx';
import { Composer } from './composer.tsx';
import { Head, type MenuItem } from './head.tsx';
import { openMine } from './mine.ts';
import { fill, type Locale, own, type Words, words } from './text.ts';
import { Thread } from './thread.tsx';
import type { Visit } from './visit.ts';
import type { Boot } from './wire.ts';

type Props = {
  visit: Visit;
  boot: Boot;
  locale: Locale;
  onLocale: (l: Locale) => void;
  onClose?: () => void;
};

const touches = matchMedia('(pointer: coarse)').matches;

export function App({ visit, boot, locale, onLocale, onClose }: Props) {
  const w = words[locale];
  const [screen, setScreen] = useState<'chat' | 'privacy' | 'end'>('chat');
  const field = useRef<HTMLTextAreaElement>(null);
  const all = useRef<HTMLDivElement>(null);
  const contact = useRef<Contact>({ name: '', email: '' });

  // Where the reader's focus goes when the chat opens or the screen changes; on touch the keyboard would cover the chat.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new screen or state is what moves the focus
  useEffect(() => {
    if (!visit.opened) return;
    const first = all.current?.querySelector<HTMLElement>('[data-first], .sheet button');
    (screen === 'chat' && !visit.ask && !touches && field.current
      ? field.current
      : (first ?? all.current)
    )?.focus();
  }, [visit.opened, screen, visit.ask, visit.phase === 'over']);

  const leave = (e: KeyboardEvent) => {
    if (e.key !== 'Escape' || e.defaultPrevented || e.isComposing) return;
    if (screen === 'chat') onClose?.();
    else setScreen('chat');
  };
  const say = (text: string) => {
    const first = !visit.begun;
    visit.say(text);
    const { name, email } = contact.current;
    if (first && (name || email)) visit.introduce(name, email);
  };

  const withPerson = visit.conversation.owner.kind === 'member';
  const closed = visit.conversation.state === 'closed';
  const canEnd = visit.begun && !closed;
  const person = () => {
    setScreen('chat');
    visit.act('person');
  };
  const menu: MenuItem[] = [
    ...(withPerson || visit.ask || visit.shut ? [] : [{ label: w.person, run: person }]),
    ...(canEnd ? [{ label: w.end, run: () => setScreen('end') }] : []),
    { label: w.privacy, run: () => setScreen('privacy') },
    ...(visit.begun ? [{ label: w.mine, run: () => openMine(boot.key, visit.token, locale) }] : []),
    {
      label: w.other,
      lang: locale === 'en' ? 'tr' : 'en',
      run: () => onLocale(locale === 'en' ? 'tr' : 'en'),
    },
  ];
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape closes from anywhere inside
    <div class="chat" ref={all} tabIndex={-1} onKeyDown={leave}>
      <Head
        visit={visit}
        title={own(boot.title, locale, boot.name)}
        w={w}
        menu={menu}
        onBack={screen === 'privacy' ? () => setScreen('chat') : undefined}
        onClose={onClose}
      />
      <main>
        {!visit.live && visit.phase !== 'over' && (
          <p class="banner" role="status">
            {w.offline}
          </p>
        )}
        {visit.shut && (
          <p class="banner" role="status" dir="auto">
            {fill(w.shut, 'name', boot.name)}
          </p>
        )}
        {screen === 'privacy' ? (
          <Privacy visit={visit} boot={boot} w={w} />
        ) : (
          <Chat visit={visit} boot={boot} w={w} locale={locale} onContact={(c) => (contact.current = c)} />
        )}
        {visit.phase === 'over' && <Over visit={visit} w={w} />}
        {screen === 'end' && (
          <div class="sheet" role="group" aria-label={w.endAsk}>
            <p>{w.endAsk}</p>
            <div class="pair">
              <button
                type="button"
                class="answer"
                onClick={() => {
                  visit.act('end');
                  setScreen('chat');
                }}
              >
                {w.end}
              </button>
              <button type="button" class="answer" onClick={() => setScreen('chat')}>
                {w.endNo}
              </button>
            </div>
          </div>
        )}
        {screen === 'chat' && !visit.ask && visit.phase !== 'over' && (
          <Composer
            shut={visit.shut}
            field={field}
            limit={boot.text_limit || 4000}
            w={w}
            onSend={say}
            onTyped={() => visit.typed()}
          />
        )}
      </main>
      {screen === 'chat' && !visit.ask && (
        <footer>
          {withPerson && canEnd ? (
            <button type="button" class="link" onClick={() => setScreen('end')}>
              {w.end}
            </button>
          ) : visit.shut ? null : (
            <button type="button" class="link" onClick={person}>
              {w.person}
            </button>
          )}
          <button type="button" class="link" onClick={() => setScreen('privacy')}>
            {w.privacy}
          </button>
        </footer>
      )}
    </div>
  );
}

type ChatProps = { visit: Visit; boot: Boot; w: Words; locale: Locale; onContact: (c: Contact) => void };

function Chat({ visit, boot, w, locale, onContact }: ChatProps) {
  const fresh = !visit.begun && visit.outbox.items.length === 0;
  const prompt = own(boot.prompt, locale, '');
  const top = fresh ? (
    <>
      <div class="hello">
        <h2 dir="auto">{own(boot.greeting, locale, w.hello)}</h2>
        {prompt && <p dir="auto">{prompt}</p>}
      </div>
      {!visit.ask && <ContactCard boot={boot} w={w} onChange={onContact} />}
    </>
  ) : (
    <p class="note">{w.note}</p>
  );
  return (
    <>
      <Thread visit={visit} w={w} locale={locale} top={top} />
      {visit.consent === 'unknown' && !visit.ask && visit.phase !== 'over' && (
        <p class="unkept">
          {w.unkept}
          <button type="button" class="link" onClick={() => visit.decide('granted')}>
            {w.keep}
          </button>
        </p>
      )}
      {visit.ask && <ConsentCard visit={visit} boot={boot} w={w} />}
    </>
  );
}

function Over({ visit, w }: { visit: Visit; w: Words }) {
  return (
    <div class="sheet" role="alert">
      <p>{w.over}</p>
      <div class="pair">
        <button type="button" class="answer" onClick={() => visit.reload()}>
          {w.reload}
        </button>
      </div>
    </div>
  );
}
