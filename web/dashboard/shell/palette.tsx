import { contacts, conversations } from '@core/api.ts';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Palette, PaletteGroup, PaletteItem } from '@ui/palette.tsx';
import { useDeferredValue, useMemo, useState } from 'react';
import { type Group, useAllCommands } from '../state/commands.tsx';
import { useText } from '../state/i18n.ts';

const groups: Group[] = ['conversation', 'go', 'app'];

/** Search and every command in one field. */
export default function CommandPalette({ onClose }: { onClose: () => void }) {
  const { t, format, language } = useText();
  const navigate = useNavigate();
  const [text, setText] = useState('');
  const search = useDeferredValue(text.trim());
  const all = useAllCommands();
  const commands = useMemo(() => all().filter((c) => c.id !== 'palette'), [all]);
  const found = useQuery({
    queryKey: ['palette', search],
    enabled: search.length > 1,
    staleTime: 5_000,
    queryFn: async ({ signal }) => {
      const [threads, people] = await Promise.all([
        conversations.list('all', search, '', { signal, limit: 8 }),
        contacts.search(search, { signal }),
      ]);
      return { threads: threads.items, people: people.items };
    },
  });

  const lower = (s: string) => s.toLocaleLowerCase(language);
  const wish = lower(text.trim());
  const hits = commands.filter((c) => !wish || lower(c.label).includes(wish));
  const run = (what: () => void) => {
    onClose();
    // After the palette has given the focus back, so that a command may move it.
    requestAnimationFrame(what);
  };
  const open = (id: string) =>
    run(() => void navigate({ to: '/inbox/$view/{-$id}', params: { view: 'all', id } }));
  const threads = search.length > 1 ? (found.data?.threads ?? []) : [];
  const people = search.length > 1 ? (found.data?.people ?? []).filter((p) => p.conversations?.[0]) : [];

  return (
    <Palette
      open
      ownFilter
      onClose={onClose}
      label={t('palette.title')}
      placeholder={t('palette.placeholder')}
      query={text}
      onQuery={setText}
      empty={hits.length + threads.length + people.length === 0}
      nothing={found.isFetching ? t('app.loading') : t('palette.nothing')}
    >
      {groups.map((g) => {
        const items = hits.filter((c) => c.group === g);
        if (items.length === 0) return null;
        return (
          <PaletteGroup key={g} title={t(`palette.${g}`)}>
            {items.map((c) => (
              <PaletteItem
                key={c.id}
                value={c.id}
                icon={c.icon}
                keys={c.keys?.[0]}
                onSelect={() => run(c.run)}
              >
                {c.label}
              </PaletteItem>
            ))}
          </PaletteGroup>
        );
      })}
      {threads.length ? (
        <PaletteGroup title={t('palette.found')}>
          {threads.map((c) => (
            <PaletteItem
              key={c.id}
              value={`c-${c.id}`}
              icon="chat"
              hint={c.preview?.text ?? format.day(c.updated_at, new Date())}
              onSelect={() => open(c.id)}
            >
              {c.contact.name || t('contact.visitor')}
              {c.subject ? ` · ${c.subject}` : ''}
            </PaletteItem>
          ))}
        </PaletteGroup>
      ) : null}
      {people.length ? (
        <PaletteGroup title={t('palette.people')}>
          {people.map((p) => (
            <PaletteItem
              key={p.id}
              value={`p-${p.id}`}
              icon="user"
              hint={p.email}
              onSelect={() => open(p.conversations[0]?.id ?? '')}
            >
              {p.name || t('contact.visitor')}
            </PaletteItem>
          ))}
        </PaletteGroup>
      ) : null}
    </Palette>
  );
}
