import type { Conversation } from '@core/types.ts';
import { Avatar, Button, Chip, IconButton, Kbd, Menu, type MenuEntry, Tooltip } from '@ui';
import { useCan } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import type { Actions } from './actions.ts';
import type { Ask } from './thread.tsx';

type HeaderProps = {
  c: Conversation;
  may: boolean;
  actions: Actions;
  onBack: () => void;
  onPanel: () => void;
  onAsk: (what: Ask) => void;
  onClose: () => void;
  onUnread: () => void;
  onDelete: (c: Conversation) => void;
};

const tones = { open: 'ok', snoozed: 'warn', closed: 'plain' } as const;

/** What the conversation is called, how it stands, and what one can do to it. */
export function Header({
  c,
  may,
  actions,
  onBack,
  onPanel,
  onAsk,
  onClose,
  onUnread,
  onDelete,
}: HeaderProps) {
  const { t, format, language } = useText();
  const mayErase = useCan('contact.erase');
  const closed = c.state === 'closed';
  const title = c.subject || c.contact.name || t('contact.visitor');
  const owner = c.owner.kind === 'member' ? c.owner.name || t('owner.elsewhere') : t(`owner.${c.owner.kind}`);
  const tasks: MenuEntry[] = [
    { icon: 'user', keys: 'a', label: t('assign.title'), run: () => onAsk('assign') },
    { icon: 'clock', keys: 'h', label: t('thread.snooze'), run: () => onAsk('snooze') },
    { icon: 'tag', keys: 'l', label: t('label.title'), run: () => onAsk('label') },
    { icon: 'refresh', keys: 'd', label: t('draft.regenerate'), run: () => void actions.regenerate(c.id) },
    { icon: 'eye', keys: 'u', label: t('keys.unread'), run: onUnread },
    'line',
  ];
  const gone: MenuEntry[] = ['line', { icon: 'trash', label: t('thread.delete'), run: () => onDelete(c) }];
  return (
    <header className="flex h-[52px] flex-none items-center gap-1.5 border-b border-line ps-5 pe-3 phone:ps-2">
      <IconButton
        icon="left"
        label={t('thread.back')}
        onClick={onBack}
        className="hidden! phone:inline-flex! rtl:-scale-x-100"
      />
      <h2 dir="auto" className="min-w-0 truncate align-page text-title tracking-[-0.01em] weight-650">
        {title}
      </h2>
      <Chip tone={tones[c.state]} className="flex-none">
        {c.state === 'snoozed' && c.snoozed_until
          ? t('state.snoozed_until', { when: format.soon(c.snoozed_until) })
          : t(`state.${c.state}`)}
      </Chip>
      <span className="flex-1" />
      {may ? (
        <>
          <Tooltip text={t('thread.assignee', { name: owner })} keys="a">
            <Button kind="ghost" size="s" onClick={() => onAsk('assign')} className="phone:hidden">
              <Avatar
                size="xs"
                bot={c.owner.kind === 'ai'}
                name={c.owner.kind === 'member' ? c.owner.name : ''}
                seed={c.owner.id}
                locale={language}
              />
              <Kbd keys="a" />
              <span className="sr-only">{t('thread.assignee', { name: owner })}</span>
            </Button>
          </Tooltip>
          <Tooltip text={t('thread.snooze')} keys="h">
            <Button
              kind="ghost"
              size="s"
              icon="clock"
              onClick={() => onAsk('snooze')}
              className="phone:hidden"
            >
              <Kbd keys="h" />
              <span className="sr-only">{t('thread.snooze')}</span>
            </Button>
          </Tooltip>
          <Button
            size="s"
            icon={closed ? 'refresh' : 'check'}
            keys="e"
            onClick={() => (closed ? void actions.reopen([c.id]) : onClose())}
          >
            {closed ? t('thread.reopen') : t('thread.close')}
          </Button>
        </>
      ) : null}
      <Menu
        label={t('thread.more')}
        trigger={<IconButton icon="more" label={t('thread.more')} />}
        entries={[
          ...(may ? tasks : []),
          { icon: 'panel', label: t('thread.panel'), run: onPanel },
          ...(mayErase ? gone : []),
        ]}
      />
    </header>
  );
}
