import { IconButton, patient } from '@ui';
import { lazy, Suspense, useState } from 'react';
import { useText } from '../state/i18n.ts';

const WhyDialog = lazy(patient(() => import('./why.tsx')));

/** Opens why the AI said something; its code comes with the first press. */
export function WhyButton(props: { run: string; conversation: string; message: string; className?: string }) {
  const { t } = useText();
  const [open, setOpen] = useState(false);
  return (
    <>
      <IconButton
        icon="info"
        size="s"
        label={t('message.why')}
        onClick={() => setOpen(true)}
        className={props.className}
      />
      <Suspense>{open ? <WhyDialog {...props} onClose={() => setOpen(false)} /> : null}</Suspense>
    </>
  );
}
