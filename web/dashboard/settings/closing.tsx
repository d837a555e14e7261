import { closing } from '@core/standing.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Button, Dialog, Field, Input } from '@ui';
import type { FormEvent } from 'react';
import { Answered } from '../shell/page.tsx';
import { useDesk } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { Refused, useSending } from '../state/sending.tsx';

const day = 24 * 60 * 60 * 1000;

/** Closes the workspace, which goes for good after 29 days; its name is typed, so that no slip does it. */
export default function ClosingDialog({ onClose }: { onClose: () => void }) {
  const { t, format } = useText();
  const { me } = useDesk();
  const client = useQueryClient();
  const navigate = useNavigate();
  const query = useQuery({
    queryKey: ['closing'],
    queryFn: ({ signal }) => closing.get({ signal }),
    staleTime: 0,
  });
  const { busy, send, at, rest } = useSending('workspace');
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const name = String(new FormData(e.currentTarget).get('workspace') ?? '').trim();
    void send(async () => {
      await closing.close(name);
      client.clear();
      await navigate({ to: '/closed', replace: true });
    });
  };
  const now = Date.now();
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('closing.title', { workspace: me.workspace.name })}
      text={t('closing.text')}
      closeLabel={t('app.close')}
      wide
    >
      <Answered query={query}>
        <form className="flex flex-col gap-4" onSubmit={submit}>
          <div className="grid gap-4 sm:grid-cols-2">
            <Listed title={t('closing.goes')} lines={(query.data?.goes ?? []).map((x) => x.words)} />
            <Listed
              title={t('closing.stays')}
              lines={[
                t('closing.stays_record'),
                t('closing.stays_backups'),
                ...(query.data?.held ? [t('closing.stays_held', { count: query.data.held })] : []),
              ]}
            />
          </div>
          <p>
            {t('closing.back', {
              until: format.full(new Date(now + 29 * day)),
              end: format.date(new Date(now + 30 * day)),
            })}
          </p>
          <Field label={t('closing.name', { workspace: me.workspace.name })} error={at('workspace')}>
            <Input name="workspace" required maxLength={200} dir="auto" autoComplete="off" />
          </Field>
          <Refused text={rest} />
          <div className="flex justify-end gap-2">
            <Button kind="ghost" onClick={onClose}>
              {t('app.cancel')}
            </Button>
            <Button kind="danger" type="submit" busy={busy}>
              {t('closing.do')}
            </Button>
          </div>
        </form>
      </Answered>
    </Dialog>
  );
}

function Listed({ title, lines }: { title: string; lines: string[] }) {
  return (
    <section className="rounded-medium border border-line px-3.5 py-3">
      <h3 className="weight-650">{title}</h3>
      <ul className="mt-1.5 flex list-disc flex-col gap-1 ps-4 text-ink-2">
        {lines.map((x) => (
          <li key={x}>{x}</li>
        ))}
      </ul>
    </section>
  );
}
