import '@ui/theme.css';
import { readPrefs } from '@core/prefs.ts';
import { applyNonce, applyTheme } from '@ui';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { startTexts } from './state/i18n.ts';
import { storage } from './state/prefs.tsx';

const reloaded = 'parley-reloaded';

// After an update an old tab asks for files that are gone: load the new page,
// once. The mark is in the history entry, not in the browser's storage.
window.addEventListener('vite:preloadError', (e) => {
  if (window.history.state?.[reloaded]) return;
  e.preventDefault();
  window.history.replaceState({ ...window.history.state, [reloaded]: true }, '');
  window.location.reload();
});

const prefs = readPrefs(storage());
applyNonce();
applyTheme(prefs.theme);
await startTexts(prefs.language);

const root = document.getElementById('root');
if (root) createRoot(root).render(<App />);
