import type { AISettings } from '@core/ai.ts';
import { useQuery } from '@tanstack/react-query';
import { useCan } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { q } from '../state/queries.ts';

/** Who made a version, as one says it. */
export function useWho() {
  const { t } = useText();
  const may = useCan('member.read');
  const members = useQuery({ ...q.members(), enabled: may });
  return (by: AISettings['by']): string => {
    if (!by) return '';
    if (by.kind === 'key') return t('agent.who.key');
    if (by.kind === 'system') return t('author.system');
    return members.data?.items.find((m) => m.id === by.id)?.name ?? t('author.member');
  };
}
