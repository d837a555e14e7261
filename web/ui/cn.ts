import { type ClassValue, clsx } from 'clsx';

/**
 * Joins class names. Two utilities for one property do not know who came last:
 * a caller that overrides a component's own says so with "!" (h-10!).
 */
export function cn(...classes: ClassValue[]): string {
  return clsx(classes);
}
