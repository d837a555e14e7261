/** @jsxImportSource preact */
import { useState } from 'preact/hooks';
import { fill, hoursOf, type Words } from './text.ts';
import type { Visit } from './visit.ts';
import type { Boot } from './wire.ts';

type Props = { visit: Visit; boot: Boot; w: Words };

function Notice({ boot, w }: { boot: Boot; w: Words }) {
  if (!boot.privacy_url) return null;
  return (
    <a href={`${boot.privacy_url}?l=${w.tag}`} target="_blank" rel="noopener">
      {w.notice}
    </a>
  );
}

const nothing = (boot: Boot, w: Words) => fill(w.nothing, 'hours', hoursOf(w, boot.erase_after_hours));

/** Asks before anything is kept; both answers weigh the same. */
export function ConsentCard({ visit, boot, w }: Props) {
  return (
    <section class="card" aria-labelledby="before" tabIndex={-1} data-first>
      <h2 id="before">{w.before}</h2>
      <p>
        {nothing(boot, w)} <Notice boot={boot} w={w} />
      </p>
      <div class="pair">
        <button type="button" class="answer" onClick={() => visit.decide('granted')}>
          {w.keep}
        </button>
        <button type="button" class="answer" onClick={() => visit.decide('refused')}>
          {w.without}
        </button>
      </div>
    </section>
  );
}

/** What this chat keeps, and the way to change it at any time. */
export function Privacy({ visit, boot, w }: Props) {
  const kept = visit.consent === 'granted';
  return (
    <div class="scroll page" role="region" aria-label={w.privacy} tabIndex={0} data-first>
      <h2>{kept ? w.keptTitle : w.unkeptTitle}</h2>
      <p>{kept ? w.kept : nothing(boot, w)}</p>
      <div class="pair">
        <button type="button" class="answer" onClick={() => visit.decide(kept ? 'refused' : 'granted')}>
          {kept ? w.stop : w.keep}
        </button>
      </div>
      <p>{w.cookies}</p>
      <h2>{w.aiTitle}</h2>
      <p>{w.aiText}</p>
      <p>
        <Notice boot={boot} w={w} />
      </p>
    </div>
  );
}

export type Contact = { name: string; email: string };

/** Name and e-mail, both optional; the chat works with neither. */
export function ContactCard({ boot, w, onChange }: { boot: Boot; w: Words; onChange: (c: Contact) => void }) {
  const [contact, setContact] = useState<Contact>({ name: '', email: '' });
  const [bad, setBad] = useState(false);
  if (!boot.ask_name && !boot.ask_email) return null;
  const change = (part: Partial<Contact>) => {
    const next = { ...contact, ...part };
    setContact(next);
    onChange(next);
  };
  return (
    <fieldset class="contact">
      <legend>{w.contactTitle}</legend>
      {boot.ask_name && (
        <label>
          <span>{w.name}</span>
          <input
            autocomplete="name"
            maxLength={200}
            dir="auto"
            onInput={(e) => change({ name: e.currentTarget.value.trim() })}
          />
        </label>
      )}
      {boot.ask_email && (
        <label>
          <span>{w.email}</span>
          <input
            type="email"
            autocomplete="email"
            maxLength={254}
            dir="ltr"
            aria-invalid={bad}
            aria-describedby={bad ? 'email-bad' : undefined}
            onInput={(e) => {
              const good = e.currentTarget.validity.valid;
              if (good) setBad(false);
              change({ email: good ? e.currentTarget.value.trim() : '' });
            }}
            onBlur={(e) => setBad(!e.currentTarget.validity.valid)}
          />
          {bad && (
            <span id="email-bad" class="bad">
              {w.emailBad}
            </span>
          )}
        </label>
      )}
    </fieldset>
  );
}
