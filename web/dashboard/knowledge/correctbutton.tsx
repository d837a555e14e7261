import type { Rested } from '@core/ai.ts';
import { Button, patient } from '@ui';
import { lazy, Suspense, useState } from 'react';
import { useCan } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';

const Correct = lazy(patient(() => import('./correct.tsx')));

/** Puts an answer right where it came from; its code comes with the first press. */
export function CorrectButton({
  answered,
  ...props
}: {
  /** Whether there was an answer that can be wrong. */
  answered: boolean;
  question: string;
  channel: string;
  passages: Rested[];
  onDone?: () => void;
}) {
  const { t } = useText();
  const [open, setOpen] = useState(false);
  if (!useCan('knowledge.write')) return null;
  return (
    <>
      <Button size="s" icon="pen" onClick={() => setOpen(true)}>
        {answered ? t('correct.open') : t('correct.write')}
      </Button>
      <Suspense>{open ? <Correct {...props} onClose={() => setOpen(false)} /> : null}</Suspense>
    </>
  );
}
