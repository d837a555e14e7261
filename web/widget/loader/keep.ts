/**
 * The one entry the chat may have in the page's own storage, and only after
 * consent. Storage can be switched off altogether: then nothing is kept.
 */
export function keeper(key: string) {
  const name = `parley:${key}`;
  const quietly = <T>(run: () => T): T | undefined => {
    try {
      return run();
    } catch {
      return undefined;
    }
  };
  return {
    read: (): string => quietly(() => localStorage.getItem(name)) ?? '',
    write: (token: string) => quietly(() => localStorage.setItem(name, token)),
    remove: () => quietly(() => localStorage.removeItem(name)),
  };
}
