import { type InstanceWorkspace, type OpenedWorkspace, workspaces } from '@core/standing.ts';
import { useQueryClient } from '@tanstack/react-query';
import { Button, Dialog, Field, Textarea, useToast } from '@ui';
import { type FormEvent, useState } from 'react';
import { SaveOrLeave } from '../shell/save.tsx';
import { Appeals } from '../signin/suspended.tsx';
import { useCan } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { Refused, useSending } from '../state/sending.tsx';
import { workspacesKey } from './workspaces.tsx';

/** One workspace for the operator: opened with a reason, then held, freed or answered with one. */
export default function OpenDialog({
  workspace,
  onClose,
}: {
  workspace: InstanceWorkspace;
  onClose: () => void;
}) {
  const { t } = useText();
  const [opened, setOpened] = useState<OpenedWorkspace | null>(null);
  return (
    <Dialog
      open
      onClose={onClose}
      title={workspace.name}
      text={t('install.reason_text')}
      closeLabel={t('app.close')}
      wide={opened !== null}
    >
      {opened ? (
        <Opened of={opened} onChanged={setOpened} onClose={onClose} />
      ) : (
        <OpenForm workspace={workspace} onOpened={setOpened} onClose={onClose} />
      )}
    </Dialog>
  );
}

function OpenForm({
  workspace,
  onOpened,
  onClose,
}: {
  workspace: InstanceWorkspace;
  onOpened: (w: OpenedWorkspace) => void;
  onClose: () => void;
}) {
  const { t } = useText();
  const { busy, send, at, rest } = useSending('reason');
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const reason = String(new FormData(e.currentTarget).get('reason') ?? '').trim();
    void send(async () => onOpened(await workspaces.open(workspace.id, reason)));
  };
  return (
    <form className="flex flex-col gap-4" onSubmit={submit}>
      <Field label={t('install.why_open')} error={at('reason')}>
        <Textarea name="reason" required maxLength={1000} rows={3} dir="auto" />
      </Field>
      <Refused text={rest} />
      <SaveOrLeave busy={busy} label={t('install.open')} onLeave={onClose} />
    </form>
  );
}

type Act = 'suspend' | 'lift' | 'grant' | 'refuse';

function Opened({
  of,
  onChanged,
  onClose,
}: {
  of: OpenedWorkspace;
  onChanged: (w: OpenedWorkspace) => void;
  onClose: () => void;
}) {
  const { t, format } = useText();
  const may = useCan('instance.suspend');
  const appeal = of.suspended ? of.appeals.find((a) => a.state === 'open') : undefined;
  return (
    <>
      {of.suspensions.length ? (
        <section>
          <h3 className="weight-650">{t('install.suspensions')}</h3>
          <ul className="mt-1.5 flex flex-col gap-2">
            {of.suspensions.map((s) => (
              <li key={s.begun_at} className="rounded-medium border border-line px-3.5 py-2.5">
                <p className="text-meta text-ink-3">
                  {format.full(s.begun_at)} – {s.lifted_at ? format.full(s.lifted_at) : t('install.still')}
                </p>
                <p dir="auto" className="break-words whitespace-pre-wrap">
                  {s.reason}
                </p>
                {s.lifted_why ? (
                  <p dir="auto" className="mt-1.5 border-t border-line pt-1.5 break-words">
                    {s.lifted_why}
                  </p>
                ) : null}
              </li>
            ))}
          </ul>
        </section>
      ) : (
        <p className="text-ink-3">{t('install.never')}</p>
      )}
      <Appeals all={of.appeals} />
      {may ? (
        <ActForm
          key={`${of.suspended}`}
          of={of}
          appeal={appeal?.id}
          onChanged={onChanged}
          onClose={onClose}
        />
      ) : null}
    </>
  );
}

function ActForm({
  of,
  appeal,
  onChanged,
  onClose,
}: {
  of: OpenedWorkspace;
  appeal: string | undefined;
  onChanged: (w: OpenedWorkspace) => void;
  onClose: () => void;
}) {
  const { t } = useText();
  const client = useQueryClient();
  const say = useToast();
  const [act, setAct] = useState<Act | null>(null);
  const { send, at, rest } = useSending('reason');
  const acts: Act[] = !of.suspended ? ['suspend'] : appeal ? ['refuse', 'grant'] : ['lift'];
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const form = e.currentTarget;
    const button = (e.nativeEvent as SubmitEvent).submitter as HTMLButtonElement | null;
    const chosen = acts.find((a) => a === button?.value) ?? acts[0] ?? 'suspend';
    const reason = String(new FormData(form).get('reason') ?? '').trim();
    setAct(chosen);
    void send(async () => {
      const answered = chosen === 'grant' || chosen === 'refuse';
      onChanged(
        await (answered
          ? workspaces.decide(of.id, appeal ?? '', chosen === 'grant', reason)
          : workspaces[chosen](of.id, reason)),
      );
      form.reset();
      await client.invalidateQueries({ queryKey: workspacesKey });
      say(t(`install.done_${chosen}`));
    }).finally(() => setAct(null));
  };
  return (
    <form className="mt-4 flex flex-col gap-4 border-t border-line pt-4" onSubmit={submit}>
      <Field
        label={t(appeal ? 'install.answer' : 'install.reason')}
        hint={t(appeal ? 'install.answer_hint' : of.suspended ? 'install.lift_hint' : 'install.suspend_hint')}
        error={at('reason')}
      >
        <Textarea name="reason" required maxLength={1000} rows={3} dir="auto" />
      </Field>
      <Refused text={rest} />
      <div className="flex flex-wrap justify-end gap-2">
        <Button kind="ghost" onClick={onClose}>
          {t('app.close')}
        </Button>
        {acts.map((a) => (
          <Button
            key={a}
            type="submit"
            name="act"
            value={a}
            kind={a === 'suspend' || a === 'refuse' ? 'danger' : 'primary'}
            busy={act === a}
          >
            {t(`install.do_${a}`)}
          </Button>
        ))}
      </div>
    </form>
  );
}
