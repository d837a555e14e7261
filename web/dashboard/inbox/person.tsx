import { contacts } from '@core/api.ts';
import { key } from '@core/merge.ts';
import type { Contact, Schemas } from '@core/types.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Avatar, Button, Dialog, Field, Icon, Input, Switch } from '@ui';
import { useDeferredValue, useState } from 'react';
import { useKindName } from '../channels/kind.tsx';
import { useTry } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { Refused, useSending } from '../state/sending.tsx';

type Limits = Schemas['ContactRestrictions'];
const flags = ['limited', 'no_automation', 'restricted'] as const;

/** Which contacts are this person, and what may not be done with what is held of them. */
export default function Person({ contact, may }: { contact: Contact; may: boolean }) {
  return (
    <>
      <Same contact={contact} may={may} />
      <Restrictions id={contact.id} may={may} />
    </>
  );
}

const heading = 'mb-[9px] flex items-center gap-1.5 text-meta font-semibold';

export function Restrictions({ id, may }: { id: string; may: boolean }) {
  const at = [...key.contact(id), 'restrictions'];
  const { data } = useQuery({ queryKey: at, queryFn: ({ signal }) => contacts.restrictions(id, { signal }) });
  return data ? <Flags {...{ id, may, at, data }} /> : null;
}

function Flags({ id, may, at, data }: { id: string; may: boolean; at: string[]; data: Limits }) {
  const { t } = useText();
  const client = useQueryClient();
  const attempt = useTry();
  // Open where something is restricted; afterwards it stays as the reader left it.
  const [open] = useState(flags.some((f) => data[f]));
  const set = (part: Partial<Limits>) =>
    void attempt(async () => {
      client.setQueryData<Limits>(at, { ...data, ...part });
      try {
        client.setQueryData<Limits>(at, await contacts.restrict(id, part));
      } catch (err) {
        client.setQueryData<Limits>(at, data);
        throw err;
      }
    });
  return (
    <details className="group border-t border-line py-3.5" open={open || undefined}>
      <summary className="flex cursor-pointer list-none items-center gap-1.5 text-meta font-semibold [&::-webkit-details-marker]:hidden">
        <span className="flex-1">{t('person.limits')}</span>
        <Icon name="down" size={14} className="text-ink-3 group-open:rotate-180" />
      </summary>
      <div className="mt-3 flex flex-col gap-3">
        {flags.map((f) => {
          const all = f === 'limited' && data.workspace_limited;
          return (
            <Switch
              key={f}
              label={t(`person.${f}`)}
              hint={all ? t('person.limited_all') : t(`person.${f}_text`)}
              on={all || data[f]}
              disabled={!may || all}
              onChange={(on) => set({ [f]: on })}
            />
          );
        })}
      </div>
    </details>
  );
}

function Same({ contact, may }: { contact: Contact; may: boolean }) {
  const { t, language } = useText();
  const named = useKindName();
  const client = useQueryClient();
  const attempt = useTry();
  const [asking, setAsking] = useState(false);
  const undo = (other: string) =>
    void attempt(async () => {
      client.setQueryData<Contact>(key.contact(contact.id), await contacts.unmerge(contact.id, other));
    });
  if (!may && contact.merged.length === 0) return null;
  return (
    <section className="border-t border-line py-3.5">
      <h3 className={heading}>
        <span className="flex-1">{t('person.same')}</span>
        {may ? (
          <Button size="s" kind="ghost" icon="link" className="-my-2" onClick={() => setAsking(true)}>
            {t('person.merge')}
          </Button>
        ) : null}
      </h3>
      <ul className="flex flex-col gap-2">
        {contact.merged.map((m) => (
          <li key={m.id} className="flex items-center gap-2">
            <Avatar name={m.name} seed={m.id} size="s" locale={language} />
            <span className="min-w-0 flex-1">
              <span dir="auto" className="block truncate align-page">
                {m.name || t('contact.visitor')}
              </span>
              <span className="block text-meta text-ink-3">
                {m.channel_kind ? named(m.channel_kind) : t('person.same_text')}
              </span>
            </span>
            {may ? (
              <Button size="s" kind="ghost" onClick={() => undo(m.id)}>
                {t('person.undo')}
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
      {asking ? <Merge contact={contact} onClose={() => setAsking(false)} /> : null}
    </section>
  );
}

function Merge({ contact, onClose }: { contact: Contact; onClose: () => void }) {
  const { t, language } = useText();
  const named = useKindName();
  const client = useQueryClient();
  const { busy, send, rest } = useSending();
  const [text, setText] = useState('');
  const asked = useDeferredValue(text.trim());
  const name = contact.name || t('contact.visitor');
  const { data } = useQuery({
    queryKey: [...key.contacts, 'find', asked],
    queryFn: ({ signal }) => contacts.search(asked, { signal }),
    enabled: asked !== '',
  });
  const found = (data?.items ?? []).filter((c) => c.id !== contact.id);
  const merge = async (other: string) => {
    const next = await send(() => contacts.merge(contact.id, other));
    if (!next) return;
    client.setQueryData<Contact>(key.contact(contact.id), next);
    onClose();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('person.merge_title', { name })}
      text={t('person.merge_text', { name })}
      closeLabel={t('app.close')}
    >
      <div className="flex flex-col gap-3">
        <Field label={t('person.find')}>
          <Input
            value={text}
            dir="auto"
            autoComplete="off"
            maxLength={200}
            onChange={(e) => setText(e.target.value)}
          />
        </Field>
        <ul className="flex flex-col" aria-live="polite">
          {found.map((c) => (
            <li key={c.id} className="flex items-center gap-2.5 border-t border-line py-2 first:border-0">
              <Avatar name={c.name} seed={c.id} size="s" locale={language} />
              <span className="min-w-0 flex-1">
                <span dir="auto" className="block truncate align-page font-medium">
                  {c.name || t('contact.visitor')}
                </span>
                <span className="block truncate text-ink-3">
                  {[c.email, c.phone, ...new Set(c.identities.map((i) => named(i.channel_kind)))]
                    .filter(Boolean)
                    .join(' · ')}
                </span>
              </span>
              <Button size="s" busy={busy} onClick={() => void merge(c.id)}>
                {t('person.pick')}
              </Button>
            </li>
          ))}
          {asked && data && found.length === 0 ? <li className="text-ink-3">{t('person.nobody')}</li> : null}
        </ul>
        <Refused text={rest} />
      </div>
    </Dialog>
  );
}
