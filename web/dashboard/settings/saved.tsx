import { savedReplies } from '@core/api.ts';
import { key } from '@core/merge.ts';
import type { SavedReply } from '@core/types.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Card, Chip, EmptyState, Icon, IconButton, patient, Row } from '@ui';
import { lazy, Suspense, useState } from 'react';
import { Confirm } from '../shell/confirm.tsx';
import { Answered } from '../shell/page.tsx';
import { useCan } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { q } from '../state/queries.ts';

const SavedEditor = lazy(patient(() => import('./savededit.tsx')));

/** Texts that members insert with a key instead of writing them again. */
export function SavedTab() {
  const { t, language } = useText();
  const may = useCan('workspace.write');
  const client = useQueryClient();
  const query = useQuery(q.saved());
  const [editing, setEditing] = useState<SavedReply | 'new' | null>(null);
  const [removing, setRemoving] = useState<SavedReply | null>(null);
  const list = [...(query.data ?? [])].sort((a, b) => a.name.localeCompare(b.name, language));
  return (
    <Answered query={query}>
      <Card
        title={t('settings.saved')}
        text={t('settings.saved_text')}
        action={
          may ? (
            <Button size="s" icon="plus" onClick={() => setEditing('new')}>
              {t('saved.add')}
            </Button>
          ) : null
        }
      >
        {list.length === 0 ? (
          <EmptyState icon="bolt" title={t('saved.empty')} text={t('saved.empty_text')} />
        ) : (
          <ul>
            {list.map((s) => (
              <SavedRow key={s.id} s={s} may={may} onEdit={setEditing} onRemove={setRemoving} />
            ))}
          </ul>
        )}
      </Card>
      <Suspense>
        {editing ? (
          <SavedEditor saved={editing === 'new' ? undefined : editing} onClose={() => setEditing(null)} />
        ) : null}
      </Suspense>
      {removing ? (
        <Confirm
          title={t('saved.remove_named', { name: removing.name })}
          text={t('saved.remove_text')}
          action={t('app.remove')}
          onClose={() => setRemoving(null)}
          onRun={async () => {
            await savedReplies.remove(removing.id);
            await client.invalidateQueries({ queryKey: key.saved });
          }}
        />
      ) : null}
    </Answered>
  );
}

function SavedRow({
  s,
  may,
  onEdit,
  onRemove,
}: {
  s: SavedReply;
  may: boolean;
  onEdit: (s: SavedReply) => void;
  onRemove: (s: SavedReply) => void;
}) {
  const { t, format } = useText();
  return (
    <li>
      <Row
        start={<Icon name="bolt" className="text-ink-3" />}
        title={<bdi>{s.name}</bdi>}
        text={
          <span dir="auto" className="block truncate text-start">
            {s.body}
          </span>
        }
        end={
          <>
            <span className="flex flex-none items-center gap-1.5 phone:hidden">
              {s.language ? <Chip>{format.language(s.language)}</Chip> : null}
              {s.label ? <Chip icon="tag">{s.label}</Chip> : null}
              {s.answers ? (
                <Chip tone="ai" icon="spark">
                  {t('saved.answering')}
                </Chip>
              ) : null}
              {s.close ? <Chip icon="check">{t('saved.closes')}</Chip> : null}
            </span>
            {may ? (
              <span className="flex flex-none">
                <IconButton
                  icon="pen"
                  size="s"
                  label={t('saved.change_named', { name: s.name })}
                  onClick={() => onEdit(s)}
                />
                <IconButton
                  icon="trash"
                  size="s"
                  label={t('saved.remove_named', { name: s.name })}
                  onClick={() => onRemove(s)}
                />
              </span>
            ) : null}
          </>
        }
      />
    </li>
  );
}
