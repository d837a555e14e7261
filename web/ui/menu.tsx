import type { ReactElement } from 'react';
import type { IconName } from './icon.tsx';
import { onWish } from './onwish.tsx';

export type MenuEntry = 'line' | { label: string; icon: IconName; keys?: string; run: () => void };
export type MenuProps = { trigger: ReactElement; label: string; entries: MenuEntry[] };

/** A button that unfolds a list of things to do. */
export const Menu = onWish<MenuProps>('menu', () => import('./menu-layer.tsx'));
