import { Button } from '@ui';
import { useText } from '../state/i18n.ts';

/** The end of a list of which there is more. */
export function More({
  query,
}: {
  query: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown };
}) {
  const { t } = useText();
  return query.hasNextPage ? (
    <div className="border-t border-line p-3 text-center">
      <Button kind="ghost" busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
        {t('app.more')}
      </Button>
    </div>
  ) : null;
}
