import type { ReactElement, ReactNode } from 'react';
import { onWish } from './onwish.tsx';

export type PopoverProps = { trigger: ReactElement; label: string; children: ReactNode };

/** A button that shows more about itself beside it. */
export const Popover = onWish<PopoverProps>('dialog', () => import('./popover-layer.tsx'));
