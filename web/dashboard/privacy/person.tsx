import { type FoundPerson, persons } from '@core/persons.ts';
import type { Page } from '@core/types.ts';
import { useQuery } from '@tanstack/react-query';
import { Avatar } from '@ui';
import { useKindName } from '../channels/kind.tsx';
import { Answered } from '../shell/page.tsx';
import { useText } from '../state/i18n.ts';

const personQuery = (contact: string) => ({
  queryKey: ['person', 'contact', contact],
  queryFn: ({ signal }: { signal: AbortSignal }) => persons.find(contact, { signal }),
  staleTime: 5_000,
  gcTime: 0,
  retry: false,
});
const among = (found: Page<FoundPerson> | undefined, contact: string) =>
  found?.items.find((x) => x.contacts.some((c) => c.id === contact));

/** The person whom a case is about, once they are found. */
export const usePerson = (contact: string) => among(useQuery(personQuery(contact)).data, contact);

/** The person whom a case is about, as they are known now. */
export function PersonCard({ contact }: { contact: string }) {
  const query = useQuery(personQuery(contact));
  const f = among(query.data, contact);
  return (
    <Answered query={query}>
      {f ? (
        <div className="rounded-medium border border-line px-3.5 py-3">
          <Known f={f} />
        </div>
      ) : null}
    </Answered>
  );
}

/** Who somebody is: names, ways to reach them, how much is held. */
export function Known({ f }: { f: FoundPerson }) {
  const { t, format, language } = useText();
  const named = useKindName();
  const first = f.contacts[0];
  const name = first?.name || t('contact.visitor');
  const facts = [first?.email, first?.phone].filter(Boolean).join(' · ');
  return (
    <div className="flex items-start gap-3">
      <Avatar name={name} seed={first?.id ?? f.id} size="m" locale={language} />
      <div className="min-w-0 flex-1">
        <p className="font-medium break-words" dir="auto">
          {name}
        </p>
        {facts ? <p className="break-words text-ink-2">{facts}</p> : null}
        <ul className="text-ink-3">
          {f.identities.map((i) => (
            <li key={`${i.channel_name}${i.kind}${i.value}`} className="break-all">
              {named(i.channel_kind)} · {i.channel_name} · <bdi>{i.value}</bdi>
            </li>
          ))}
        </ul>
        <p className="num text-ink-3">
          {[
            t('request.held_conversations', { count: f.held.conversations }),
            t('request.held_messages', { count: f.held.messages }),
            t('request.held_files', { count: f.held.files }),
          ].join(' · ')}
          {f.contacts.length > 1 ? ` · ${t('request.same', { n: format.number(f.contacts.length) })}` : ''}
        </p>
      </div>
    </div>
  );
}
