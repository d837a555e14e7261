import type { Message, Page } from '@core/types.ts';
import type { InfiniteData } from '@tanstack/react-query';
import { useToast } from '@ui';
import { useCallback, useRef } from 'react';
import { useSteady } from '../state/box.ts';
import { useText } from '../state/i18n.ts';

type Pages = InfiniteData<Page<Message>> | undefined;
const farthest = 40; // pages looked through for one message
const shown = 1_600; // ms

/** Goes to a message: loads what lies between, puts it in the middle and marks it for a moment. */
export function useJump(older: () => Promise<{ data: Pages; hasNextPage: boolean }>): (id: string) => void {
  const { t } = useText();
  const say = useToast();
  const going = useRef('');
  const find = useSteady(async (id: string) => {
    going.current = id;
    for (let i = 0; i < farthest; i++) {
      const el = document.getElementById(`message-${id}`);
      if (el) return land(el);
      const more = await older();
      // Somebody went elsewhere meanwhile.
      if (going.current !== id) return;
      await new Promise((resolve) => requestAnimationFrame(resolve));
      if (!more.hasNextPage && !document.getElementById(`message-${id}`)) break;
    }
    say(t('message.not_found'), { bad: true });
  });
  return useCallback((id: string) => void find(id), [find]);
}

function land(el: HTMLElement): void {
  // Only the log moves: scrollIntoView would move the page around it as well.
  const box = el.closest('[role=log]');
  if (box) {
    const [a, b] = [el.getBoundingClientRect(), box.getBoundingClientRect()];
    box.scrollTop += a.top - b.top - Math.max(0, b.height - a.height) / 2;
  }
  el.focus({ preventScroll: true });
  el.dataset.found = '';
  setTimeout(() => delete el.dataset.found, shown);
}
