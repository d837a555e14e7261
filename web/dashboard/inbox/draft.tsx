import type { Draft } from '@core/types.ts';
import { Button, Icon, IconButton } from '@ui';
import { useText } from '../state/i18n.ts';
import { Rich } from './rich.tsx';
import { Sources } from './sources.tsx';
import { WhyButton } from './whybutton.tsx';

/** What the AI would answer. Nothing is sent until a person says so. */
export function DraftCard({
  draft,
  busy,
  onApprove,
  onEdit,
  onNote,
  onRegenerate,
  onDiscard,
}: {
  draft: Draft;
  busy: boolean;
  onApprove: () => void;
  onEdit: () => void;
  onNote: () => void;
  onRegenerate: () => void;
  onDiscard: () => void;
}) {
  const { t, format } = useText();
  return (
    <section
      aria-label={t('draft.title')}
      className="mx-4 mb-3.5 flex max-h-[55%] flex-none flex-col overflow-hidden rounded-large border border-ai-line bg-surface shadow-2 anim-appear phone:mx-2 phone:mb-2"
    >
      <header className="flex flex-none items-center gap-2 border-b border-ai-line bg-ai-soft py-2 ps-3.5 pe-2.5 font-semibold text-ai-ink">
        <Icon name="spark" />
        <h3>{t('draft.title')}</h3>
        <span className="truncate text-meta font-medium text-ink-2">
          {t(`confidence.${draft.confidence}`)}
          {draft.language ? ` · ${t('draft.language', { language: format.language(draft.language) })}` : ''}
        </span>
        <span className="flex-1" />
        {draft.run_id ? (
          <WhyButton run={draft.run_id} conversation={draft.conversation_id} message="" />
        ) : null}
        <IconButton icon="refresh" label={t('draft.regenerate')} keys="d" size="s" onClick={onRegenerate} />
        <IconButton icon="x" label={t('draft.discard')} keys="shift+d" size="s" onClick={onDiscard} />
      </header>
      <div
        tabIndex={0}
        role="group"
        aria-label={t('draft.text')}
        className="ring-inner min-h-0 overflow-auto px-3.5 pt-3 pb-2"
      >
        <Rich body={draft.body} sources={draft.sources} />
      </div>
      <Sources sources={draft.sources} numbered className="flex-none px-3.5 pb-2.5" />
      <footer className="flex flex-none flex-wrap items-center gap-1 border-t border-line px-2.5 py-2">
        <IconButton icon="note" label={t('keys.note')} keys="n" onClick={onNote} />
        <span className="flex-1" />
        <Button kind="ghost" keys="r" onClick={onEdit}>
          {t('draft.edit')}
        </Button>
        <Button kind="primary" icon="send" keys="mod+enter" busy={busy} onClick={onApprove}>
          {t('draft.approve')}
        </Button>
      </footer>
    </section>
  );
}
