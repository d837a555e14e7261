import type { Channel } from '@core/types.ts';
import { Button, patient } from '@ui';
import { lazy, Suspense, useState } from 'react';
import { useCan } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import type { Begun } from './casedialog.tsx';

const CaseDialog = lazy(patient(() => import('./casedialog.tsx')));

/** Makes a test of an answer; its code comes with the first press. */
export function SaveTest({ begun, channels }: { begun: Begun; channels: Channel[] }) {
  const { t } = useText();
  const [open, setOpen] = useState(false);
  if (!useCan('knowledge.write')) return null;
  return (
    <>
      <Button size="s" icon="check" onClick={() => setOpen(true)}>
        {t('evaluate.save')}
      </Button>
      <Suspense>
        {open ? <CaseDialog begun={begun} channels={channels} onClose={() => setOpen(false)} /> : null}
      </Suspense>
    </>
  );
}

/** What is expected of a question that was decided so. */
export const expectedOf = (decision: string): Begun['outcome'] =>
  decision === 'answer' ? 'answered' : decision === 'hand_over' ? 'handed_over' : 'no_answer';
