import { type ComponentType, cloneElement, lazy, type ReactElement, Suspense, useState } from 'react';
import { patient } from './patient.ts';

type Trigger = ReactElement<Record<string, unknown>>;

/**
 * A layer whose code comes when somebody reaches for it: until then its
 * trigger is a plain button. The first press loads it and opens it.
 */
export function onWish<P extends { trigger: ReactElement }>(
  kind: 'menu' | 'dialog',
  load: () => Promise<{ default: ComponentType<P> }>,
) {
  const Layer = lazy(patient(load)) as unknown as ComponentType<P>;
  const prepare = () => {
    load().catch(() => {
      // The press itself tries again and shows what is wrong.
    });
  };
  return function OnWish(props: P) {
    const [wished, setWished] = useState(false);
    const plain = cloneElement(props.trigger as Trigger, {
      'aria-haspopup': kind,
      'aria-expanded': false,
      onPointerEnter: prepare,
      onFocus: prepare,
      onClick: () => setWished(true),
    });
    if (!wished) return plain;
    return (
      <Suspense fallback={plain}>
        <Layer {...props} />
      </Suspense>
    );
  };
}
