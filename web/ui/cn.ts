import { type ClassValue, clsx } from 'clsx';
import { extendTailwindMerge } from 'tailwind-merge';

const merge = extendTailwindMerge({
  extend: {
    theme: {
      text: ['meta', 'ui', 'msg', 'title', 'page'],
      shadow: ['1', '2', '3'],
      radius: ['s', 'm', 'l', 'xl'],
    },
  },
});

/** Joins class names; of two that contradict each other the later wins. */
export function cn(...classes: ClassValue[]): string {
  return merge(clsx(classes));
}
