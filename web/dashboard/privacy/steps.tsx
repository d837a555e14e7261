import { cases, type WholeCase } from '@core/cases.ts';
import { Button, Card, cn, Icon, patient, useToast } from '@ui';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { Confirm } from '../shell/confirm.tsx';
import { useCan, useTry } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { useCaseActs } from './case.tsx';
import { Copies } from './copies.tsx';
import { Decide } from './decide.tsx';
import { Finding } from './finding.tsx';
import { PersonCard, usePerson } from './person.tsx';
import { Say } from './say.tsx';
import { isId, waits } from './state.ts';

const Correct = lazy(patient(() => import('./correct.tsx')));
const Refuse = lazy(patient(() => import('./refuse.tsx')));

type Person = NonNullable<WholeCase['person']>;
type One = { c: WholeCase; p: Person };

/** What acts there are that the server carries out by itself. */
const carried = ['erase', 'restrict', 'no_automation', 'limit_sensitive', 'object', 'freeze'];
/** Those that a copy, or a report, answers. */
const copied = ['access', 'portability', 'know'];

/** What is done and what comes next: person, identity, act, answer. */
export function Steps({ c, p }: One) {
  const { t } = useText();
  const may = useCan('case.write');
  const open = may && waits(c);
  const proved = !['received', 'proving'].includes(c.state);
  const about = isId(p.contact_id) ? p.contact_id : '';
  const known = about !== '' || p.erased;
  const asksAct = p.needs !== '';
  const ready = proved && (!asksAct || p.carried_out);
  return (
    <Card title={t('request.steps')} text={t('request.steps_text')}>
      <ol aria-label={t('request.steps')}>
        <Step
          done={known}
          title={t('request.step_person')}
          text={p.erased ? t('request.erased') : known ? '' : t('request.step_person_text')}
        >
          {about && !p.erased ? <PersonCard contact={about} /> : null}
          {open && !known ? <Choose c={c} /> : null}
        </Step>
        <Step done={proved} title={t('request.step_proof')} text={proofText(p, proved, t)}>
          {open && !proved && known ? <Prove c={c} /> : null}
          {open && p.agent && !p.agent_checked ? <AgentChecked c={c} /> : null}
        </Step>
        {asksAct ? (
          <Step
            done={p.carried_out}
            title={t('request.step_act')}
            text={t(p.carried_out ? 'request.act_done' : 'request.act_needed')}
          >
            {open && proved && known ? <Act c={c} p={p} /> : null}
          </Step>
        ) : null}
        <Step done={!waits(c)} title={t('request.step_answer')} text={waits(c) ? '' : decision(c, p, t)}>
          {open ? <Answer c={c} ready={ready} /> : null}
        </Step>
      </ol>
    </Card>
  );
}

type T = ReturnType<typeof useText>['t'];

function proofText(p: Person, proved: boolean, t: T): string {
  if (p.proof) return t(`request.proof.${p.proof}`);
  return proved ? '' : t('request.step_proof_text');
}

function decision(c: WholeCase, p: Person, t: T): string {
  const known = ['answered', 'refused', 'withdrawn', 'unanswered'] as const;
  const as = known.find((d) => d === p.decision);
  return as ? t(`request.decided.${as}`) : t(`request.state.${c.state as 'closed'}`);
}

function Step({
  done,
  title,
  text,
  children,
}: {
  done: boolean;
  title: string;
  text: string;
  children?: ReactNode;
}) {
  const { t } = useText();
  return (
    <li className="flex gap-3 border-t border-line px-[18px] py-3.5">
      <Icon
        name={done ? 'check' : 'right'}
        className={cn('mt-0.5 flex-none', done ? 'text-ok' : 'text-ink-3')}
      />
      <div className="min-w-0 flex-1">
        <h3 className="font-medium">
          {title}
          <span className="sr-only">: {t(done ? 'request.is_done' : 'request.is_open')}</span>
        </h3>
        {text ? <p className="text-ink-3">{text}</p> : null}
        {children ? <div className="mt-2.5 flex flex-col gap-3">{children}</div> : null}
      </div>
    </li>
  );
}

function Prove({ c }: { c: WholeCase }) {
  const { t } = useText();
  const take = useCaseActs(c.id);
  return (
    <Say
      label={t('request.prove_how')}
      hint={t('request.prove_hint')}
      action={t('request.prove')}
      onSay={(text) => take(cases.prove(c.id, text))}
    />
  );
}

/** Who asks for another person showed that they may. */
function AgentChecked({ c }: { c: WholeCase }) {
  const { t } = useText();
  const attempt = useTry();
  const take = useCaseActs(c.id);
  return (
    <Button
      className="self-start"
      onClick={() => void attempt(() => take(cases.change(c.id, { agent_checked: true })))}
    >
      {t('request.agent_checked')}
    </Button>
  );
}

function Choose({ c }: { c: WholeCase }) {
  const { t } = useText();
  const take = useCaseActs(c.id);
  return (
    <Finding
      action={(f) => ({
        label: t('request.this_person'),
        run: () => take(cases.change(c.id, { contact_id: f.id })),
      })}
    />
  );
}

/** The act that the request asks for, or where it is done. */
function Act({ c, p }: One) {
  const { t } = useText();
  const take = useCaseActs(c.id);
  const say = useToast();
  const mayErase = useCan('contact.erase');
  const [sure, setSure] = useState(false);
  if (copied.includes(p.needs))
    return <Copies contact={p.contact_id} of={c.id} report={p.needs === 'know'} />;
  if (p.needs === 'rectify') return p.carried_out ? null : <Rectify c={c} p={p} />;
  const kind = carried.find((k) => k === p.needs);
  if (!kind || p.carried_out) return null;
  const name = t(`request.act.${kind as 'erase'}`);
  return (
    <>
      <Button
        className="self-start"
        kind={kind === 'erase' ? 'danger' : 'primary'}
        icon={kind === 'erase' ? 'trash' : 'hand'}
        disabled={!mayErase}
        onClick={() => setSure(true)}
      >
        {name}
      </Button>
      {sure ? (
        <Confirm
          title={t('request.act_sure', { act: name })}
          text={t(kind === 'erase' ? 'request.erase_sure_text' : 'request.limit_sure_text')}
          action={name}
          onClose={() => setSure(false)}
          onRun={async () => {
            await take(cases.carryOut(c.id));
            say(t('request.act_done'));
          }}
        />
      ) : null}
    </>
  );
}

function Rectify({ c, p }: One) {
  const { t } = useText();
  const [open, setOpen] = useState(false);
  const f = usePerson(p.contact_id);
  const of = f?.contacts.find((x) => x.id === p.contact_id);
  if (!of) return null;
  return (
    <>
      <Button className="self-start" kind="primary" icon="pen" onClick={() => setOpen(true)}>
        {t('request.correct')}
      </Button>
      <Suspense>{open ? <Correct c={of} of={c.id} onClose={() => setOpen(false)} /> : null}</Suspense>
    </>
  );
}

function Answer({ c, ready }: { c: WholeCase; ready: boolean }) {
  const { t } = useText();
  const take = useCaseActs(c.id);
  const [dialog, setDialog] = useState<'refuse' | 'withdraw' | null>(null);
  return (
    <>
      {ready ? <Decide c={c} /> : <p className="text-ink-3">{t('request.answer_later')}</p>}
      <div className="flex flex-wrap gap-2">
        <Button size="s" kind="danger" onClick={() => setDialog('refuse')}>
          {t('request.refuse')}
        </Button>
        <Button size="s" onClick={() => setDialog('withdraw')}>
          {t('request.withdraw')}
        </Button>
      </div>
      <Suspense>{dialog === 'refuse' ? <Refuse c={c} onClose={() => setDialog(null)} /> : null}</Suspense>
      {dialog === 'withdraw' ? (
        <Confirm
          title={t('request.withdraw')}
          text={t('request.withdraw_text')}
          action={t('request.withdraw')}
          onClose={() => setDialog(null)}
          onRun={() => take(cases.withdraw(c.id))}
        />
      ) : null}
    </>
  );
}
