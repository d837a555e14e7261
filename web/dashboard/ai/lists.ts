const most = 100;
const longest = 200; // bytes

/** What stands on lines of its own, without blanks and doubles. */
export function lines(text: string): string[] {
  const all = text
    .split('\n')
    .map((l) => l.trim())
    .filter((l) => l && bytes(l) <= longest);
  return [...new Set(all)].slice(0, most);
}

export const bytes = (text: string) => new TextEncoder().encode(text).length;

/** What a person pastes, as the name of a host; '' where it is none. */
export function hostOf(text: string): string {
  try {
    const u = new URL(/^https?:\/\//i.test(text.trim()) ? text.trim() : `https://${text.trim()}`);
    return u.hostname.includes('.') && !u.username ? u.hostname : '';
  } catch {
    return '';
  }
}
