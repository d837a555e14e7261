import { type PersonCopy, persons } from '@core/persons.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Input, Progress, useToast } from '@ui';
import { useState } from 'react';
import { saveAs } from '../settings/saveas.ts';
import { Confirm } from '../shell/confirm.tsx';
import { useTry } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { casesKey } from './state.ts';

const running = (c: PersonCopy) => c.state === 'waiting' || c.state === 'working';
const keyOf = (contact: string) => ['copies', contact];

/** Copies of all that is held of a person: made here, handed over by a link that opens once. */
export function Copies({ contact, of, report }: { contact: string; of?: string; report?: boolean }) {
  const { t } = useText();
  const client = useQueryClient();
  const attempt = useTry();
  const [busy, setBusy] = useState(false);
  const { data } = useQuery({
    queryKey: keyOf(contact),
    queryFn: async ({ signal }) => {
      const page = await persons.copies(contact, { signal });
      // A case is done once its copy is: it is looked at again with it.
      if (of && !page.items.some(running))
        void client.invalidateQueries({ queryKey: [...casesKey, 'one', of] });
      return page;
    },
    staleTime: 0,
    refetchInterval: (query) => (query.state.data?.items.some(running) ? 1000 : false),
  });
  const make = async () => {
    setBusy(true);
    await attempt(() => persons.copy(contact, { case_id: of, report }));
    await client.invalidateQueries({ queryKey: keyOf(contact) });
    setBusy(false);
  };
  const all = (data?.items ?? []).filter((c) => !of || c.case_id === of);
  return (
    <div className="flex flex-col gap-3">
      <Button
        className="self-start"
        kind={all.length ? 'outline' : 'primary'}
        icon="copy"
        busy={busy || all.some(running)}
        onClick={() => void make()}
      >
        {t(report ? 'request.report_make' : 'request.copy_make')}
      </Button>
      {all.length ? (
        <ul aria-label={t('request.copies')} className="rounded-medium border border-line">
          {all.map((c) => (
            <One key={c.id} c={c} contact={contact} of={of} />
          ))}
        </ul>
      ) : null}
    </div>
  );
}

function One({ c, contact, of }: { c: PersonCopy; contact: string; of?: string }) {
  const { t, format } = useText();
  const client = useQueryClient();
  const attempt = useTry();
  const [link, setLink] = useState('');
  const [sure, setSure] = useState(false);
  const give = () => void attempt(async () => setLink((await persons.link(contact, c.id)).url));
  const save = () => void attempt(async () => saveAs('copy.zip', await persons.file(contact, c.id)));
  const drop = async () => {
    await persons.drop(contact, c.id);
    await client.invalidateQueries({ queryKey: keyOf(contact) });
    if (of) await client.invalidateQueries({ queryKey: [...casesKey, 'one', of] });
  };
  const facts = [
    c.report ? t('request.copy_report') : '',
    t('request.copy_made', { when: format.full(c.made_at) }),
    c.taken_at ? t('request.copy_taken', { when: format.full(c.taken_at) }) : '',
    t('request.copy_ends', { when: format.full(c.ends_at) }),
  ];
  return (
    <li className="flex flex-col gap-2 border-t border-line px-3.5 py-2.5 first:border-0">
      <div className="flex flex-wrap items-center gap-2">
        <span className="min-w-40 flex-1">
          <span className="block font-medium">{t(`request.copy.${c.state}`)}</span>
          <span className="num block text-ink-3">{facts.filter(Boolean).join(' · ')}</span>
        </span>
        {c.state === 'ready' ? (
          <>
            <Button size="s" icon="link" onClick={give}>
              {t('request.copy_link')}
            </Button>
            <Button size="s" icon="load" onClick={save}>
              {t('request.copy_save')}
            </Button>
          </>
        ) : null}
        {running(c) ? null : (
          <Button size="s" kind="ghost" icon="trash" onClick={() => setSure(true)}>
            {t('request.copy_drop')}
          </Button>
        )}
      </div>
      {running(c) && c.total > 0 ? (
        <Progress label={t('request.copy_how_far')} part={c.done / c.total} />
      ) : null}
      {link ? <Link url={link} /> : null}
      {sure ? (
        <Confirm
          title={t('request.copy_drop_sure')}
          text={t('request.copy_drop_text')}
          action={t('request.copy_drop')}
          onClose={() => setSure(false)}
          onRun={drop}
        />
      ) : null}
    </li>
  );
}

function Link({ url }: { url: string }) {
  const { t } = useText();
  const say = useToast();
  const copy = () =>
    void navigator.clipboard.writeText(url).then(
      () => say(t('app.copied')),
      () => say(t('app.copy_failed'), { bad: true }),
    );
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Input readOnly value={url} aria-label={t('request.copy_link')} dir="ltr" className="flex-1" />
      <Button size="s" icon="copy" onClick={copy}>
        {t('app.copy')}
      </Button>
      <p className="w-full text-ink-3">{t('request.copy_link_text')}</p>
    </div>
  );
}
