import { Later, patient, Spinner } from '@ui';
import { type ComponentType, lazy, Suspense } from 'react';
import { useText } from '../state/i18n.ts';

function Waiting() {
  const { t } = useText();
  return (
    <main className="grid h-full place-items-center">
      <Later>
        <Spinner label={t('app.loading')} />
      </Later>
    </main>
  );
}

/** A screen whose code comes with its first visit, or a moment before it. */
export function screen(load: () => Promise<ComponentType>) {
  const Screen = lazy(patient(() => load().then((component) => ({ default: component }))));
  const preload = () =>
    load().then(
      () => {},
      () => {},
    );
  return Object.assign(
    () => (
      <Suspense fallback={<Waiting />}>
        <Screen />
      </Suspense>
    ),
    { preload },
  );
}
