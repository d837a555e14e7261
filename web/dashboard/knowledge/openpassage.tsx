import { passages } from '@core/knowledge.ts';
import { useQuery } from '@tanstack/react-query';
import { Dialog } from '@ui';
import { Answered } from '../shell/page.tsx';
import { useText } from '../state/i18n.ts';
import PassageDialog from './passage.tsx';

/** Opens a passage of which only the number is known. */
export default function OpenPassage({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useText();
  const query = useQuery({
    queryKey: ['passage', id],
    queryFn: ({ signal }) => passages.get(id, { signal }),
    staleTime: 0,
    gcTime: 0,
  });
  if (query.data) return <PassageDialog passage={query.data} onClose={onClose} />;
  return (
    <Dialog open onClose={onClose} title={t('knowledge.says')} closeLabel={t('app.close')} wide>
      <Answered query={query}>{null}</Answered>
    </Dialog>
  );
}
