import type { ChannelKind, ChannelScope } from '@core/types.ts';
import { Icon, type IconName } from '@ui';
import { useText } from '../state/i18n.ts';

const brands: Record<string, string> = {
  instagram: 'Instagram',
  messenger: 'Messenger',
  whatsapp: 'WhatsApp',
};

const icons: Record<string, IconName> = { instagram: 'camera', messenger: 'page', whatsapp: 'wa' };

/** The name of a kind of channel. */
export function useKindName() {
  const { t } = useText();
  return (kind: string) => (kind === 'widget' ? t('channel.widget') : (brands[kind] ?? kind));
}

export function KindMark({ kind }: { kind: string }) {
  return (
    <span className="grid size-9 flex-none place-items-center rounded-[10px] bg-brand-soft text-brand-ink">
      <Icon name={icons[kind] ?? 'chat'} size={18} />
    </span>
  );
}

/** What permissions are in words, by the names a provider gives them. */
export function scopeWords(kinds: ChannelKind[]): Map<string, string> {
  const all: ChannelScope[] = kinds.flatMap((k) => (k.ways ?? []).flatMap((w) => w.scopes ?? []));
  return new Map(all.map((s) => [s.name, s.words]));
}
