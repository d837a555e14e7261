import { persons } from '@core/persons.ts';
import { useQuery } from '@tanstack/react-query';
import { Answered } from '../shell/page.tsx';
import { useText } from '../state/i18n.ts';

/** To whom something of a person went, how often and when. */
export default function Told({ contact }: { contact: string }) {
  const { t, format } = useText();
  const query = useQuery({
    queryKey: ['person', 'told', contact],
    queryFn: ({ signal }) => persons.disclosures(contact, { signal }),
    staleTime: 0,
    gcTime: 0,
  });
  const all = query.data?.items ?? [];
  return (
    <Answered query={query}>
      {all.length === 0 ? <p className="text-ink-3">{t('request.told_nobody')}</p> : null}
      {all.length ? (
        <ul aria-label={t('request.told')} className="rounded-medium border border-line">
          {all.map((d) => (
            <li key={d.way + d.to} className="border-t border-line px-3.5 py-2.5 first:border-0">
              <p className="font-medium break-words">{d.words}</p>
              <p className="num text-ink-3">
                {[
                  t('request.told_times', { count: d.count }),
                  t('request.told_between', { first: format.full(d.first_at), last: format.full(d.last_at) }),
                ].join(' · ')}
              </p>
            </li>
          ))}
        </ul>
      ) : null}
    </Answered>
  );
}
