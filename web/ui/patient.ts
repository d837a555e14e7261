import { textsAreHere } from '@core/i18n/index.ts';

const first = 500;
const longest = 10_000;

/** Loads again and again while it does not come: offline is no reason to give up. */
export async function insist<T>(load: () => Promise<T>, wait = first): Promise<T> {
  try {
    return await load();
  } catch {
    await new Promise((resolve) => setTimeout(resolve, wait));
    return insist(load, Math.min(longest, wait * 2));
  }
}

/**
 * Loads a part of the program, without giving up: a failed import would be
 * remembered for good. What it says may come late too, and is waited for.
 */
export function patient<T>(load: () => Promise<T>): () => Promise<T> {
  return async () => {
    const part = await insist(load);
    await textsAreHere();
    return part;
  };
}
