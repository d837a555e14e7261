import type { Theme } from '@core/prefs.ts';
import { setNonce } from 'get-nonce';

const dark = '(prefers-color-scheme: dark)';

/** Puts the theme on the page and follows the system while it says so. Returns how to stop. */
export function applyTheme(theme: Theme): () => void {
  const system = window.matchMedia(dark);
  const put = () => {
    document.documentElement.classList.toggle(
      'dark',
      theme === 'dark' || (theme === 'system' && system.matches),
    );
  };
  put();
  if (theme !== 'system') return () => {};
  system.addEventListener('change', put);
  return () => system.removeEventListener('change', put);
}

/** Lets the scroll lock of dialogs add its style under a strict content policy. */
export function applyNonce(): void {
  const nonce = document.querySelector<HTMLMetaElement>('meta[property=csp-nonce]')?.nonce;
  if (nonce) setNonce(nonce);
}
