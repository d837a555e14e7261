import type { Conversation } from '@core/types.ts';
import { Button, IconButton, patient } from '@ui';
import { lazy, Suspense, useState } from 'react';
import { useText } from '../state/i18n.ts';

const Templates = lazy(patient(() => import('./template.tsx')));

/** Opens the templates of a conversation; `instead` of a free text it is the way that is offered. */
export function TemplateButton({ c, instead }: { c: Conversation; instead: boolean }) {
  const { t } = useText();
  const [open, setOpen] = useState(false);
  const show = () => setOpen(true);
  return (
    <>
      {instead ? (
        <Button kind="primary" icon="page" onClick={show}>
          {t('composer.template')}
        </Button>
      ) : (
        <IconButton icon="page" label={t('composer.template')} size="s" onClick={show} />
      )}
      {open ? (
        <Suspense>
          <Templates c={c} onClose={() => setOpen(false)} />
        </Suspense>
      ) : null}
    </>
  );
}
