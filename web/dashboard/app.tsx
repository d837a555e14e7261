import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { DirectionRoot, ToastRoot, TooltipRoot } from '@ui';
import { client, router } from './router.tsx';
import { useText } from './state/i18n.ts';
import { KeysRoot } from './state/keyboard.tsx';
import { PrefsRoot } from './state/prefs.tsx';

export function App() {
  return (
    <PrefsRoot>
      <Frame />
    </PrefsRoot>
  );
}

function Frame() {
  const { t } = useText();
  return (
    <QueryClientProvider client={client}>
      <DirectionRoot>
        <KeysRoot>
          <TooltipRoot>
            <ToastRoot label={t('app.notices')} closeLabel={t('app.close')}>
              <RouterProvider router={router} />
            </ToastRoot>
          </TooltipRoot>
        </KeysRoot>
      </DirectionRoot>
    </QueryClientProvider>
  );
}
