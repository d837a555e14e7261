import { type FoundPerson, persons } from '@core/persons.ts';
import { useQuery } from '@tanstack/react-query';
import { Button, EmptyState, Field, Input } from '@ui';
import { type FormEvent, type ReactNode, useState } from 'react';
import { Answered } from '../shell/page.tsx';
import { useTry } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { Known } from './person.tsx';

type Action = (f: FoundPerson) => { label: string; run: () => Promise<unknown> };

/** Finds a person by whatever they are known by, and offers what can be done with each who fits. */
export function Finding({
  action,
  more,
  start = '',
}: {
  action?: Action;
  more?: (f: FoundPerson) => ReactNode;
  /** The contact whom one comes for. */
  start?: string;
}) {
  const { t } = useText();
  const attempt = useTry();
  const [wanted, setWanted] = useState(start);
  const query = useQuery({
    queryKey: ['person', wanted],
    queryFn: ({ signal }) => persons.find(wanted, { signal }),
    enabled: wanted !== '',
    staleTime: 0,
    gcTime: 0, // what is known of somebody is not kept in this page
    retry: false,
  });
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    e.stopPropagation();
    setWanted(String(new FormData(e.currentTarget).get('query') ?? '').trim());
  };
  const found = query.data?.items ?? [];
  return (
    <div className="flex flex-col gap-4">
      <form className="flex flex-wrap items-end gap-2" onSubmit={submit} role="search">
        <Field label={t('request.find')} hint={t('request.find_hint')} className="min-w-56 flex-1">
          <Input name="query" required maxLength={300} dir="auto" autoComplete="off" />
        </Field>
        <Button type="submit" icon="search" className="mb-[22px] phone:h-11!">
          {t('request.find_do')}
        </Button>
      </form>
      {wanted ? (
        <Answered query={query}>
          {found.length === 0 ? (
            <EmptyState icon="user" title={t('request.found_none')} text={t('request.found_none_text')} />
          ) : null}
          <ul aria-label={t('request.found')} className="flex flex-col gap-3">
            {found.map((f) => {
              const act = action?.(f);
              return (
                <li key={f.id} className="rounded-medium border border-line px-3.5 py-3">
                  <Known f={f} />
                  {act ? (
                    <Button kind="primary" size="s" className="mt-2.5" onClick={() => void attempt(act.run)}>
                      {act.label}
                    </Button>
                  ) : null}
                  {more?.(f)}
                </li>
              );
            })}
          </ul>
        </Answered>
      ) : null}
    </div>
  );
}
