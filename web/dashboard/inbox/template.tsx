import { templates } from '@core/api.ts';
import { randomKey } from '@core/http.ts';
import { key } from '@core/merge.ts';
import { asProblem } from '@core/problem.ts';
import {
  asSent,
  type Bit,
  bitsOf,
  blanksOf,
  faultsOf,
  fittingTemplates,
  inShort,
  readableName,
  type Values,
} from '@core/template.ts';
import type { Conversation, Template, TemplateList } from '@core/types.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Chip, cn, Dialog, Field, Icon, Input } from '@ui';
import { Palette, PaletteItem } from '@ui/palette.tsx';
import { type FormEvent, useRef, useState } from 'react';
import { problemText, useCan } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { q } from '../state/queries.ts';
import { OptInForm } from './optin.tsx';

/** Chooses an approved text, fills it in and sends it. */
export default function Templates({ c, onClose }: { c: Conversation; onClose: () => void }) {
  const query = useQuery(q.templates(c.id));
  const [picked, setPicked] = useState('');
  const of = (t: Template) => `${t.name}/${t.language}`;
  const one = query.data?.items.find((t) => of(t) === picked);
  if (one) return <FillIn c={c} template={one} onBack={() => setPicked('')} onClose={onClose} />;
  return (
    <Choose
      c={c}
      list={query.data}
      problem={query.error}
      onPick={(t) => setPicked(of(t))}
      onClose={onClose}
    />
  );
}

function Choose({
  c,
  list,
  problem,
  onPick,
  onClose,
}: {
  c: Conversation;
  list: TemplateList | undefined;
  problem: unknown;
  onPick: (t: Template) => void;
  onClose: () => void;
}) {
  const { t, format, language } = useText();
  const client = useQueryClient();
  const may = useCan('conversation.reply');
  const [words, setWords] = useState('');
  const [reading, setReading] = useState(false);
  const [refused, setRefused] = useState<unknown>(null);
  const all = list?.items ?? [];
  const hits = fittingTemplates(all, words, c.language || language);
  const read = async () => {
    setReading(true);
    setRefused(null);
    try {
      client.setQueryData(key.templates(c.id), await templates.read(c.id));
    } catch (err) {
      setRefused(err);
    } finally {
      setReading(false);
    }
  };
  const fault = refused ? problemText(t, refused) : list?.words;
  const nothing = problem
    ? problemText(t, problem)
    : !list
      ? t('app.loading')
      : all.length
        ? t('palette.nothing')
        : t('template.empty');
  return (
    <Palette
      open
      ownFilter
      onClose={onClose}
      label={t('template.title')}
      placeholder={t('template.find')}
      query={words}
      onQuery={setWords}
      empty={hits.length === 0}
      nothing={nothing}
      foot={
        list ? (
          <div className="flex flex-wrap items-center gap-x-2 gap-y-1 border-t border-line px-4 py-2 text-meta text-ink-3">
            <p className="min-w-0 flex-1">
              {fault ? (
                <span role="alert" className="block text-bad">
                  {fault}
                </span>
              ) : all.length === 0 ? (
                <span className="block">{t('template.empty_text')}</span>
              ) : null}
              {list.synced_at
                ? t('template.read_at', { when: format.full(list.synced_at) })
                : t('template.never')}
            </p>
            {may ? (
              <Button size="s" icon="refresh" busy={reading} onClick={() => void read()}>
                {t('template.read')}
              </Button>
            ) : null}
          </div>
        ) : null
      }
    >
      {hits.map((x) => (
        <PaletteItem
          key={`${x.name}/${x.language}`}
          value={`${x.name}/${x.language}`}
          icon={x.blocked ? 'lock' : 'page'}
          onSelect={() => onPick(x)}
        >
          <span className="block py-1.5">
            <span className="flex items-center gap-1.5">
              <span dir="auto" className="truncate font-medium">
                {readableName(x.name)}
              </span>
              <Category of={x.category} />
              <Chip>{format.language(x.language.replace('_', '-'))}</Chip>
            </span>
            <span
              dir="auto"
              className={cn('block truncate text-start', x.blocked ? 'text-warn' : 'text-ink-3')}
            >
              {x.blocked ? x.words : inShort(x)}
            </span>
          </span>
        </PaletteItem>
      ))}
    </Palette>
  );
}

const categories = { UTILITY: 'utility', MARKETING: 'marketing', AUTHENTICATION: 'authentication' } as const;

function Category({ of }: { of: string }) {
  const { t } = useText();
  const known = categories[of as keyof typeof categories];
  return of ? <Chip icon="tag">{known ? t(`template.${known}`) : of}</Chip> : null;
}

/** Reasons that a permission on record takes away. */
const wantsOptIn = ['opt_in_needed', 'marketing_opt_in'];

function FillIn({
  c,
  template,
  onBack,
  onClose,
}: {
  c: Conversation;
  template: Template;
  onBack: () => void;
  onClose: () => void;
}) {
  const { t } = useText();
  const client = useQueryClient();
  const mayRecord = useCan('contact.write');
  const [values, setValues] = useState<Values>(() => firstValues(template, c));
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const once = useRef(randomKey());
  const blanks = blanksOf(template);
  const missing = blanks.filter((b) => !values[b.place]?.trim());
  const faults = problem ? faultsOf(template, asProblem(problem).fields) : {};
  const set = (place: string, value: string) => {
    once.current = randomKey();
    setProblem(null);
    setValues((v) => ({ ...v, [place]: value }));
  };
  const send = async (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    setTried(true);
    if (missing.length || template.blocked) {
      const first = e.currentTarget.elements.namedItem(missing[0]?.place ?? '');
      if (first instanceof HTMLElement) first.focus();
      return;
    }
    setBusy(true);
    try {
      await templates.send(c.id, asSent(template, values), once.current);
      onClose();
    } catch (err) {
      setProblem(err);
      setBusy(false);
    }
  };
  const label = (b: (typeof blanks)[number]) =>
    b.part === 'buttons'
      ? t('template.value_button', { name: b.name })
      : t(b.part === 'header' ? 'template.value_header' : 'template.value', {
          name: b.name.replaceAll('_', ' '),
        });
  return (
    <Dialog open wide onClose={onClose} title={readableName(template.name)} closeLabel={t('app.close')}>
      <div className="grid grid-cols-2 gap-5 phone:grid-cols-1">
        <Preview c={c} template={template} values={values} />
        <div className="flex min-w-0 flex-col gap-4">
          {template.blocked ? (
            <p role="status" className="flex gap-2 rounded-medium bg-warn-soft px-2.5 py-2 text-warn">
              <Icon name="lock" size={14} className="mt-[3px]" />
              {template.words}
            </p>
          ) : null}
          {mayRecord && wantsOptIn.includes(template.blocked) ? (
            <OptInForm
              contact={c.contact.id}
              channel={c.channel.id}
              topic={template.blocked === 'marketing_opt_in' ? 'marketing' : 'messages'}
              onDone={() => client.invalidateQueries({ queryKey: key.templates(c.id) })}
            />
          ) : null}
          <form className="flex flex-col gap-3.5" noValidate onSubmit={(e) => void send(e)}>
            {template.blocked
              ? null
              : blanks.map((b) => (
                  <Field
                    key={b.place}
                    label={label(b)}
                    error={
                      faults[b.place] ??
                      (tried && !values[b.place]?.trim() ? t('template.missing') : undefined)
                    }
                  >
                    <Input
                      name={b.place}
                      value={values[b.place] ?? ''}
                      onChange={(e) => set(b.place, e.target.value)}
                      maxLength={1024}
                      autoComplete="off"
                      dir="auto"
                    />
                  </Field>
                ))}
            {problem && Object.keys(faults).length === 0 ? (
              <p role="alert" className="text-bad">
                {problemText(t, problem)}
              </p>
            ) : null}
            <div className="flex flex-wrap justify-end gap-2">
              <Button kind="ghost" icon="left" onClick={onBack}>
                {t('template.back')}
              </Button>
              {template.blocked ? null : (
                <Button kind="primary" type="submit" icon="send" busy={busy}>
                  {t('template.send')}
                </Button>
              )}
            </div>
          </form>
        </div>
      </div>
    </Dialog>
  );
}

/** The first value of most templates is who is written to. */
function firstValues(template: Template, c: Conversation): Values {
  const named = template.params.findIndex((p) => /^(first_?)?name$|^customer(_name)?$/i.test(p));
  return named >= 0 && c.contact.name ? { [`params[${named}]`]: c.contact.name } : {};
}

/** The text as the person will read it, its values in their places. */
function Preview({ c, template, values }: { c: Conversation; template: Template; values: Values }) {
  const { t } = useText();
  const header =
    template.header_kind === 'text' ? bitsOf(template.header, 'header', template.header_params, values) : [];
  const body = bitsOf(template.body, 'params', template.params, values);
  return (
    <section
      aria-label={t('template.preview', { name: c.contact.name || t('contact.visitor') })}
      className="min-w-0"
    >
      <p className="mb-1.5 text-meta text-ink-3">
        {t('template.preview', { name: c.contact.name || t('contact.visitor') })}
      </p>
      <div
        dir="auto"
        className="rounded-large border border-line bg-sunken px-3.5 py-2.5 text-start text-msg break-words whitespace-pre-wrap"
      >
        {header.length ? (
          <p className="mb-1.5 font-semibold">
            <Bits all={header} />
          </p>
        ) : null}
        <p>
          <Bits all={body} />
        </p>
        {template.footer ? <p className="mt-1.5 text-meta text-ink-3">{template.footer}</p> : null}
      </div>
      {template.buttons.length ? (
        <ul className="mt-1.5 flex flex-col gap-1">
          {template.buttons.map((b) => (
            <li
              key={b.label}
              dir="auto"
              className="truncate rounded-medium border border-line bg-surface px-3 py-1.5 text-center text-brand-ink"
            >
              {b.label}
            </li>
          ))}
        </ul>
      ) : null}
    </section>
  );
}

function Bits({ all }: { all: Bit[] }) {
  return all.map((b, i) => (
    <span
      // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one text never change their order
      key={i}
      className={
        b.blank === 'empty'
          ? 'rounded-small bg-warn-soft px-1 text-warn'
          : b.blank
            ? 'font-medium'
            : undefined
      }
    >
      {b.text}
    </span>
  ));
}
