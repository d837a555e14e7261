import { onProof } from '@core/http.ts';
import { patient } from '@ui';
import { lazy, Suspense, useEffect, useState } from 'react';

const Ask = lazy(patient(() => import('./ask.tsx')));

type Asked = { end: (shown: boolean) => void };

/** Asks who one is whenever an act wants to know it; the act goes on by itself afterwards. */
export function ProofRoot() {
  const [asked, setAsked] = useState<Asked | null>(null);
  useEffect(() => {
    onProof(
      () =>
        new Promise((done) => {
          setAsked({
            end: (shown) => {
              setAsked(null);
              done(shown);
            },
          });
        }),
    );
    return () => onProof(undefined);
  }, []);
  return asked ? (
    <Suspense>
      <Ask onEnd={asked.end} />
    </Suspense>
  ) : null;
}
