import { asProblem } from '@core/problem.ts';
import { Link, useRouter } from '@tanstack/react-router';
import { Button, EmptyState, ErrorState } from '@ui';
import { problemText } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';

/** A screen that could not be shown: says why and how to go on. */
export function Broken({ error, reset }: { error: unknown; reset?: () => void }) {
  const { t } = useText();
  const router = useRouter();
  const again = () => {
    reset?.();
    void router.invalidate();
  };
  return (
    <main className="grid h-full place-content-center">
      <h1 className="sr-only">Parley</h1>
      <ErrorState
        title={asProblem(error).status === 0 ? t('error.unreachable_title') : t('error.title')}
        text={problemText(t, error)}
      >
        <Button icon="refresh" onClick={again}>
          {t('app.again')}
        </Button>
      </ErrorState>
    </main>
  );
}

export function Missing() {
  const { t } = useText();
  return (
    <main className="grid h-full place-content-center">
      <h1 className="sr-only">Parley</h1>
      <EmptyState icon="search" title={t('error.missing_title')} text={t('error.missing_text')}>
        <Link to="/" className="font-semibold text-brand-ink underline underline-offset-2">
          {t('error.missing_link')}
        </Link>
      </EmptyState>
    </main>
  );
}
