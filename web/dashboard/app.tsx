import { ToastRoot, TooltipRoot } from '@ui';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { I18nextProvider } from 'react-i18next';
import { client, router } from './router.tsx';
import { i18n, useText } from './state/i18n.ts';
import { KeysRoot } from './state/keyboard.tsx';
import { PrefsRoot } from './state/prefs.tsx';

export function App() {
  return (
    <I18nextProvider i18n={i18n}>
      <PrefsRoot>
        <Frame />
      </PrefsRoot>
    </I18nextProvider>
  );
}

function Frame() {
  const { t } = useText();
  return (
    <QueryClientProvider client={client}>
      <KeysRoot>
        <TooltipRoot>
          <ToastRoot label={t('app.notices')} closeLabel={t('app.close')}>
            <RouterProvider router={router} />
          </ToastRoot>
        </TooltipRoot>
      </KeysRoot>
    </QueryClientProvider>
  );
}
