const first = 500;
const longest = 10_000;

/**
 * Loads a part of the program, again and again while it does not come: offline
 * is no reason to give up, and a failed import would be remembered for good.
 */
export function patient<T>(load: () => Promise<T>): () => Promise<T> {
  const tryFrom = async (wait: number): Promise<T> => {
    try {
      return await load();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, wait));
      return tryFrom(Math.min(longest, wait * 2));
    }
  };
  return () => tryFrom(first);
}
