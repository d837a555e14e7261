import { incidents } from '@core/incidents.ts';
import { Banner, Button, Field, Segmented, Textarea, useToast } from '@ui';
import { type FormEvent, useState } from 'react';
import { useNow } from '../state/box.ts';
import { useCan } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { Refused, useSending } from '../state/sending.tsx';
import type { Of } from './incident.tsx';
import { factsOf, hoursLeft, useActs, waits } from './state.ts';

type Kind = 'authority' | 'business' | 'person';
type Locale = 'en' | 'tr';

/** What each is told, from one table of facts, and the decision about the authority. */
export function Words({ of, w, may }: Of) {
  const { t, language: shown } = useText();
  const [kind, setKind] = useState<Kind>('authority');
  const [language, setLanguage] = useState<Locale>(shown);
  const kinds: Kind[] = of === 'install' ? ['authority', 'business'] : ['authority', 'person'];
  const facts = factsOf(w);
  return (
    <>
      <div className="flex flex-wrap gap-2">
        <Segmented
          label={t('breach.for_whom')}
          value={kind}
          onChange={setKind}
          choices={kinds.map((k) => ({ value: k, label: t(`breach.for.${k}`) }))}
        />
        <Segmented
          label={t('breach.language')}
          value={language}
          onChange={setLanguage}
          choices={[
            { value: 'en', label: 'English' },
            { value: 'tr', label: 'Türkçe' },
          ]}
        />
      </div>
      <Draft key={`${kind} ${language}`} of={of} w={w} may={may} kind={kind} language={language} />
      {waits(w.incident) ? (
        may ? (
          <Decide of={of} w={w} may={may} language={language} />
        ) : null
      ) : (
        <p dir="auto" className="whitespace-pre-line text-ink-2">
          {[t(`breach.outcome.${w.incident.outcome as 'notified'}`), facts.excuse, facts.late]
            .filter(Boolean)
            .join('\n')}
        </p>
      )}
    </>
  );
}

function Draft({ of, w, may, kind, language }: Of & { kind: Kind; language: Locale }) {
  const { t, format } = useText();
  const say = useToast();
  const take = useActs(of, w.incident.id);
  const { busy, send, rest } = useSending();
  const [editing, setEditing] = useState(false);
  const x = w.words.find((o) => o.kind === kind && o.locale === language);
  if (!x) return null;
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const text = String(new FormData(e.currentTarget).get('text') ?? '');
    void send(async () => {
      await take(incidents(of).words(w.incident.id, kind, language, text));
      setEditing(false);
    });
  };
  if (editing) {
    return (
      <form className="flex flex-col gap-3" onSubmit={submit}>
        <Field label={t(`breach.for.${kind}`)} hint={t('breach.edit_hint')}>
          <Textarea name="text" rows={14} maxLength={8000} dir="auto" defaultValue={x.text} />
        </Field>
        <Refused text={rest} />
        <div className="flex gap-2">
          <Button type="submit" busy={busy}>
            {t('app.save')}
          </Button>
          <Button kind="ghost" onClick={() => setEditing(false)}>
            {t('app.cancel')}
          </Button>
        </div>
      </form>
    );
  }
  return (
    <div className="rounded-medium border border-line bg-sunken">
      <p dir="auto" lang={language} className="px-3.5 py-3 whitespace-pre-line">
        {x.text}
      </p>
      <div className="flex flex-wrap items-center gap-2 border-t border-line px-3.5 py-2">
        <span className="flex-1 text-meta text-ink-3">
          {x.sent_at
            ? t('breach.sent_at', { when: format.full(x.sent_at) })
            : t(x.own ? 'breach.own_words' : 'breach.from_facts')}
        </span>
        <Button
          size="s"
          icon="copy"
          onClick={() => void navigator.clipboard.writeText(x.text).then(() => say(t('breach.copied')))}
        >
          {t('breach.copy')}
        </Button>
        {may && !x.sent_at ? (
          <Button size="s" icon="pen" onClick={() => setEditing(true)}>
            {t('breach.edit')}
          </Button>
        ) : null}
      </div>
    </div>
  );
}

/** The authority was told, or need not be, with a reason in writing. */
function Decide({ of, w, language }: Of & { language: Locale }) {
  const { t } = useText();
  const now = useNow();
  const take = useActs(of, w.incident.id);
  const { busy, send, at, rest } = useSending('late_reason', 'reason');
  const i = w.incident;
  const mayWrite = useCan(of === 'install' ? 'instance.incidents' : 'incident.write');
  if (!i.risk || !mayWrite) return <p className="text-ink-3">{t('breach.first_risk')}</p>;
  const excused = i.risk === 'none';
  const late = hoursLeft(i, now) < 0;
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const said = String(new FormData(e.currentTarget).get('said') ?? '').trim();
    void send(() =>
      take(excused ? incidents(of).excuse(i.id, said) : incidents(of).notified(i.id, language, said)),
    );
  };
  return (
    <form className="flex flex-col gap-3" onSubmit={submit}>
      {!excused && w.missing.length ? (
        <Banner box tone="warn" icon="alert">
          {t('breach.missing', { what: w.missing.map((m) => t(`breach.fact.${m as 'nature'}`)).join(', ') })}
        </Banner>
      ) : null}
      {excused || late ? (
        <Field
          label={t(excused ? 'breach.excuse_why' : 'breach.late_why')}
          hint={t(excused ? 'breach.excuse_hint' : 'breach.late_hint')}
          error={at('late_reason') ?? at('reason')}
        >
          <Textarea name="said" rows={2} required maxLength={4000} dir="auto" />
        </Field>
      ) : null}
      <Refused text={rest} />
      <Button
        type="submit"
        kind="primary"
        busy={busy}
        className="self-start"
        disabled={!excused && w.missing.length > 0}
      >
        {t(excused ? 'breach.excuse' : 'breach.notified')}
      </Button>
    </form>
  );
}
