import '@ui/theme.css';
import { readPrefs } from '@core/prefs.ts';
import { applyNonce, applyTheme } from '@ui';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { startTexts } from './state/i18n.ts';
import { storage } from './state/prefs.tsx';

const reloaded = 'parley-reloaded';

// After an update an old tab asks for files that are gone: load the new page,
// once, and only when the server is there. The mark is in the history entry,
// not in the browser's storage.
window.addEventListener('vite:preloadError', () => {
  if (window.history.state?.[reloaded]) return;
  fetch(window.location.pathname, { method: 'HEAD', cache: 'no-store' }).then(
    (res) => {
      if (!res.ok) return;
      window.history.replaceState({ ...window.history.state, [reloaded]: true }, '');
      window.location.reload();
    },
    () => {
      // Offline: whoever asked for the file tries again.
    },
  );
});

const prefs = readPrefs(storage());
applyNonce();
applyTheme(prefs.theme);
await startTexts(prefs.language);

const root = document.getElementById('root');
if (root) createRoot(root).render(<App />);
