import { fill, type Known, variableText } from '@core/saved.ts';
import type { Conversation, SavedReply } from '@core/types.ts';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Chip } from '@ui';
import { Palette, PaletteItem } from '@ui/palette.tsx';
import { useState } from 'react';
import { problemText, useCan, useDesk } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { q } from '../state/queries.ts';

/** Those in the language of the conversation first, then by name; of the ones that hold the words. */
function fitting(all: SavedReply[], words: string, c: Conversation, language: string): SavedReply[] {
  const lower = (s: string) => s.toLocaleLowerCase(language);
  const wish = lower(words.trim());
  const rank = (s: SavedReply) =>
    (wish && lower(s.name).includes(wish) ? 0 : 4) +
    (s.language === c.language ? 0 : s.language === '' ? 1 : 2);
  return all
    .filter((s) => !wish || lower(`${s.name}\n${s.body}\n${s.label}`).includes(wish))
    .sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name, language));
}

/** Chooses a saved reply; gives it with its variables filled in. */
export default function SavedPicker({
  c,
  onPick,
  onClose,
}: {
  c: Conversation;
  onPick: (text: string, saved: SavedReply) => void;
  onClose: () => void;
}) {
  const { t, format, language } = useText();
  const { me } = useDesk();
  const may = useCan('workspace.write');
  const query = useQuery(q.saved());
  const [words, setWords] = useState('');
  const all = query.data ?? [];
  const hits = fitting(all, words, c, language);
  const known: Known = {
    'contact.name': c.contact.name,
    'member.name': me.member.name,
    business: me.workspace.name,
  };
  const filled = (s: SavedReply) => fill(s.body, known, (v) => t(variableText[v]));
  const nothing = query.error
    ? problemText(t, query.error)
    : query.isPending
      ? t('app.loading')
      : t(all.length ? 'palette.nothing' : 'saved.empty');
  return (
    <Palette
      open
      ownFilter
      onClose={onClose}
      label={t('saved.pick')}
      placeholder={t('saved.find')}
      query={words}
      onQuery={setWords}
      empty={hits.length === 0}
      nothing={nothing}
    >
      {hits.map((s) => (
        <PaletteItem key={s.id} value={s.id} icon="bolt" onSelect={() => onPick(filled(s), s)}>
          <span className="block py-1.5">
            <span className="flex items-center gap-1.5">
              <span dir="auto" className="truncate font-medium">
                {s.name}
              </span>
              {s.language && s.language !== c.language ? <Chip>{format.language(s.language)}</Chip> : null}
              {s.label ? <Chip icon="tag">{s.label}</Chip> : null}
              {s.close ? <Chip icon="check">{t('saved.closes')}</Chip> : null}
            </span>
            <span dir="auto" className="block truncate text-start text-ink-3">
              {filled(s)}
            </span>
          </span>
        </PaletteItem>
      ))}
      {may && !query.isPending && all.length === 0 ? (
        <p className="pb-4 text-center">
          <Link
            to="/settings/{-$tab}"
            params={{ tab: 'saved' }}
            className="text-brand-ink underline underline-offset-2"
          >
            {t('saved.write_first')}
          </Link>
        </p>
      ) : null}
    </Palette>
  );
}
