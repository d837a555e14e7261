import type { Member } from '@core/types.ts';
import { useQuery } from '@tanstack/react-query';
import { Palette, PaletteGroup, PaletteItem } from '@ui/palette.tsx';
import { useState } from 'react';
import { useDesk } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { q } from '../state/queries.ts';

export default function AssignDialog({
  onClose,
  onPick,
}: {
  onClose: () => void;
  onPick: (m: Member | null) => void;
}) {
  const { t, language } = useText();
  const { me } = useDesk();
  const { data, isPending } = useQuery(q.members());
  const [text, setText] = useState('');
  const lower = (s: string) => s.toLocaleLowerCase(language);
  const fits = (name: string) => lower(name).includes(lower(text.trim()));
  const active = (data?.items ?? []).filter((m) => m.state === 'active' && fits(m.name));
  // Oneself first: the most frequent choice.
  const people = active.sort((a, b) => Number(b.id === me.member.id) - Number(a.id === me.member.id));
  const pick = (m: Member | null) => {
    onClose();
    onPick(m);
  };
  return (
    <Palette
      open
      ownFilter
      onClose={onClose}
      label={t('assign.title')}
      placeholder={t('assign.placeholder')}
      query={text}
      onQuery={setText}
      empty={isPending || (people.length === 0 && !fits(t('assign.nobody')))}
      nothing={isPending ? t('app.loading') : t('palette.nothing')}
    >
      <PaletteGroup title={t('assign.title')}>
        {people.map((m) => (
          <PaletteItem key={m.id} value={m.id} icon="user" hint={m.email} onSelect={() => pick(m)}>
            {m.name}
            {m.id === me.member.id ? ` (${t('inbox.you')})` : ''}
          </PaletteItem>
        ))}
        {!isPending && fits(t('assign.nobody')) ? (
          <PaletteItem value="nobody" icon="users" onSelect={() => pick(null)}>
            {t('assign.nobody')}
          </PaletteItem>
        ) : null}
      </PaletteGroup>
    </Palette>
  );
}
