import type { FoundPerson } from '@core/persons.ts';
import { useQueryClient } from '@tanstack/react-query';
import { Button, Card, CardBody, type IconName, patient } from '@ui';
import { lazy, Suspense, useState } from 'react';
import { useCan } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { Copies } from './copies.tsx';
import { Finding } from './finding.tsx';

const EraseDialog = lazy(patient(() => import('../inbox/erase.tsx')));
const Limits = lazy(patient(() => import('./limits.tsx')));
const NewCase = lazy(patient(() => import('./newcase.tsx')));
const Correct = lazy(patient(() => import('./correct.tsx')));
const Hold = lazy(patient(() => import('./hold.tsx')));
const NewDemand = lazy(patient(() => import('./demand.tsx')));
const Told = lazy(patient(() => import('./told.tsx')));

/** One person and what can be done for them, with or without a request. */
export default function Finder({ start }: { start: string }) {
  const { t } = useText();
  return (
    <Card title={t('request.person')} text={t('request.person_text')}>
      <CardBody>
        <Finding start={start} more={(f) => <Acts f={f} />} />
      </CardBody>
    </Card>
  );
}

const icons = {
  copies: 'copy',
  told: 'send',
  limits: 'hand',
  correct: 'pen',
  hold: 'lock',
  demand: 'shield',
  add: 'plus',
} as const satisfies Record<string, IconName>;
type Act = keyof typeof icons | 'nameless' | 'erase';
const shown: Act[] = ['copies', 'told', 'limits']; // in place; the others are dialogs

function Acts({ f }: { f: FoundPerson }) {
  const { t } = useText();
  const mayErase = useCan('contact.erase');
  const mayAsk = useCan('case.write');
  const mayLimit = useCan('contact.restrict');
  const [open, setOpen] = useState<Act | null>(null);
  const may: Record<Act, boolean> = {
    copies: mayAsk,
    told: true,
    limits: mayLimit,
    correct: mayAsk,
    hold: mayAsk,
    demand: mayAsk,
    add: mayAsk,
    nameless: mayErase,
    erase: mayErase,
  };
  const acts = (Object.keys(icons) as (keyof typeof icons)[]).filter((a) => may[a]);
  return (
    <div className="mt-3 flex flex-col gap-3">
      <div className="flex flex-wrap gap-2">
        {acts.map((a) => (
          <Button
            key={a}
            size="s"
            icon={icons[a]}
            aria-expanded={shown.includes(a) ? open === a : undefined}
            onClick={() => setOpen(open === a ? null : a)}
          >
            {t(`request.${a}`)}
          </Button>
        ))}
        {mayErase ? (
          <>
            <Button size="s" kind="danger" icon="user" onClick={() => setOpen('nameless')}>
              {t('request.nameless')}
            </Button>
            <Button size="s" kind="danger" icon="trash" onClick={() => setOpen('erase')}>
              {t('request.act.erase')}
            </Button>
          </>
        ) : null}
      </div>
      <Suspense>{open ? <Open act={open} f={f} onClose={() => setOpen(null)} /> : null}</Suspense>
    </div>
  );
}

function Open({ act, f, onClose }: { act: Act; f: FoundPerson; onClose: () => void }) {
  const client = useQueryClient();
  // Whoever is gone stays listed until the proof was read: it stands inside their entry.
  const [gone, setGone] = useState(false);
  const first = f.contacts[0];
  switch (act) {
    case 'copies':
      return <Copies contact={f.id} />;
    case 'told':
      return <Told contact={f.id} />;
    case 'limits':
      return <Limits contact={f.id} />;
    case 'hold':
      return <Hold contact={f.id} onClose={onClose} />;
    case 'demand':
      return <NewDemand contact={f.id} onClose={onClose} />;
    case 'add':
      return <NewCase contact={f.id} onClose={onClose} />;
    case 'correct':
      return first ? <Correct c={first} onClose={onClose} /> : null;
    case 'nameless':
    case 'erase':
      return (
        <EraseDialog
          nameless={act === 'nameless'}
          contact={{ id: f.id, name: first?.name ?? '' }}
          onErased={async () => setGone(true)}
          onClose={() => {
            onClose();
            if (gone) void client.invalidateQueries({ queryKey: ['person'] });
          }}
        />
      );
  }
}
