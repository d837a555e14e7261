import { Button, ErrorState, Later, Skeleton } from '@ui';
import type { ReactNode } from 'react';
import { problemText } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';

/** A scrolled page with its title and what one can do to the whole of it. */
export function PageFrame({
  title,
  before,
  actions,
  children,
  wide,
}: {
  title: ReactNode;
  before?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  wide?: boolean;
}) {
  return (
    <div className="min-h-0 min-w-0 overflow-auto bg-canvas px-7 pb-10 phone:px-4">
      <div className={wide ? 'mx-auto max-w-[1080px]' : 'mx-auto max-w-[860px]'}>
        <div className="flex min-h-16 flex-wrap items-center gap-x-2.5 gap-y-2 py-3">
          {before}
          <h1
            dir="auto"
            className="min-w-40 flex-1 truncate align-page text-page tracking-[-0.015em] weight-650"
          >
            {title}
          </h1>
          {actions}
        </div>
        {children}
      </div>
    </div>
  );
}

type Asked = { isPending: boolean; error: unknown; refetch: () => unknown };

/** Waits for an answer: bones while it is late, the reason and another try when it failed. */
export function Answered({ query, children }: { query: Asked & { data: unknown }; children: ReactNode }) {
  const { t } = useText();
  if (query.data !== undefined) return children;
  if (query.isPending && !query.error) {
    return (
      <Later>
        <div role="status" className="mb-5 rounded-large border border-line bg-surface">
          <span className="sr-only">{t('app.loading')}</span>
          {[52, 64, 40].map((w) => (
            <div key={w} className="flex h-14 items-center border-t border-line px-[18px] first:border-0">
              <div style={{ width: `${w}%` }}>
                <Skeleton className="h-3.5" />
              </div>
            </div>
          ))}
        </div>
      </Later>
    );
  }
  return (
    <ErrorState title={t('error.title')} text={problemText(t, query.error)}>
      <Button icon="refresh" onClick={() => void query.refetch()}>
        {t('app.again')}
      </Button>
    </ErrorState>
  );
}
