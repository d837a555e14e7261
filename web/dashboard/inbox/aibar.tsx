import type { Conversation, Mode } from '@core/types.ts';
import { useQuery } from '@tanstack/react-query';
import { Button, cn, Icon, IconButton, Segmented, Tooltip } from '@ui';
import { useCan, useDesk } from '../state/desk.tsx';
import { type T, useText } from '../state/i18n.ts';
import { q } from '../state/queries.ts';
import type { Actions } from './actions.ts';
import { handOverText } from './row.tsx';

function words(
  c: Conversation,
  t: T,
  me: string,
  everywhere: boolean,
): { title: string; text: string; ai: boolean } {
  if (c.owner.kind === 'member') {
    const title =
      c.owner.id === me
        ? t('ai.yours')
        : c.owner.name
          ? t('ai.theirs', { name: c.owner.name })
          : t('ai.elsewhere');
    return { title, text: t('ai.quiet'), ai: false };
  }
  if (everywhere || c.paused) return { title: t('ai.paused'), text: t('ai.paused_text'), ai: false };
  if (c.hand_over) {
    return { title: t('ai.called'), text: handOverText(t, c.hand_over.reason), ai: true };
  }
  return { title: t(`ai.${c.mode}`), text: t(`ai.${c.mode}_text`), ai: c.mode !== 'off' };
}

/** Who speaks here, and how to change it: always in sight. */
export function AiBar({ c, actions }: { c: Conversation; actions: Actions }) {
  const { t } = useText();
  const { me } = useDesk();
  const may = useCan('conversation.reply');
  const everywhere = useQuery(q.workspace()).data?.paused ?? false;
  const { title, text, ai } = words(c, t, me.member.id, everywhere);
  const held = c.owner.kind === 'member';
  const modes: Mode[] = ['off', 'draft', 'autopilot'];
  return (
    <div
      className={cn(
        'flex flex-none flex-wrap items-center gap-x-2 gap-y-1.5 border-b py-2 ps-5 pe-3 phone:ps-4',
        ai ? 'border-ai-line bg-ai-soft text-ai-ink' : 'border-line bg-sunken text-ink-2',
      )}
    >
      <div
        role="status"
        className="flex h-5 min-w-0 flex-1 flex-wrap items-center gap-x-2.5 overflow-hidden phone:basis-full"
      >
        <Icon name={held ? 'user' : c.paused || everywhere ? 'pause' : 'spark'} />
        <b className="font-semibold whitespace-nowrap">{title}</b>
        <span className="whitespace-nowrap text-ink-2">{text}</span>
      </div>
      {may ? (
        <div className="flex items-center gap-1.5">
          {!held ? (
            <>
              <IconButton
                icon={c.paused ? 'play' : 'pause'}
                size="s"
                label={c.paused ? t('ai.resume') : t('ai.pause')}
                onClick={() => void actions.pause(c.id, !c.paused)}
              />
              <Segmented
                label={t('ai.mode_label')}
                tone="ai"
                value={c.mode}
                choices={modes.map((m) => ({ value: m, label: t(`mode.${m}`) }))}
                onChange={(m) => void actions.mode(c.id, m)}
              />
            </>
          ) : null}
          <Tooltip text={t('keys.take_over')} keys="t">
            <Button
              size="s"
              icon={held ? 'spark' : 'hand'}
              onClick={() => void (held ? actions.handBack(c.id) : actions.takeOver(c.id))}
            >
              {held ? t('ai.hand_back') : t('ai.take_over')}
            </Button>
          </Tooltip>
        </div>
      ) : null}
    </div>
  );
}
