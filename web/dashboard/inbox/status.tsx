import type { Message, MessageStatus } from '@core/types.ts';
import { Button, cn, Icon, type IconName } from '@ui';
import { useText } from '../state/i18n.ts';

const icons: Partial<Record<MessageStatus, IconName>> = {
  sent: 'check',
  delivered: 'double',
  read: 'double',
  failed: 'alert',
  unknown: 'info',
  cancelled: 'x',
};

/** How far a message came, as ticks and in words. */
export function Status({ status }: { status: MessageStatus }) {
  const { t } = useText();
  const icon = icons[status];
  return (
    <span
      className={cn(
        'inline-flex items-center gap-1',
        status === 'failed' && 'text-bad',
        status === 'unknown' && 'text-warn',
        status === 'read' && 'text-brand-ink',
      )}
    >
      {icon ? <Icon name={icon} size={13} /> : null}
      {t(`status.${status}`)}
    </span>
  );
}

/** Why a message did not arrive, or that nobody knows, and what one can do. */
export function Outcome({ m, onRetry, onCopy }: { m: Message; onRetry: () => void; onCopy: () => void }) {
  const { t } = useText();
  if (m.status === 'unknown') {
    return (
      <p className="mt-2 flex gap-2 rounded-medium bg-warn-soft px-2.5 py-1.5 text-warn">
        <Icon name="info" size={14} className="mt-[3px]" />
        {t('message.unknown')}
      </p>
    );
  }
  if (m.status !== 'failed') return null;
  return (
    <Failed
      text={m.error?.text || t('message.failed')}
      onRetry={m.error?.again === false || m.attachments.length > 0 ? undefined : onRetry}
      onCopy={m.body ? onCopy : undefined}
    />
  );
}

export function Failed({
  text,
  onRetry,
  onCopy,
  onDrop,
}: {
  text: string;
  /** Left out where the same would fail again. */
  onRetry?: (() => void) | undefined;
  onCopy?: (() => void) | undefined;
  onDrop?: () => void;
}) {
  const { t } = useText();
  return (
    <div
      role="alert"
      className="mt-2 flex flex-wrap items-center gap-x-2 gap-y-1 rounded-medium bg-bad-soft px-2.5 py-1.5"
    >
      <Icon name="alert" size={14} className="mt-[3px] self-start text-bad" />
      <span className="min-w-40 flex-1 text-bad phone:min-w-[calc(100%-24px)]">{text}</span>
      {onRetry ? (
        <Button size="s" kind="ghost" icon="refresh" onClick={onRetry}>
          {t('message.retry')}
        </Button>
      ) : null}
      {onCopy ? (
        <Button size="s" kind="ghost" icon="copy" onClick={onCopy}>
          {t('app.copy')}
        </Button>
      ) : null}
      {onDrop ? (
        <Button size="s" kind="ghost" icon="trash" onClick={onDrop}>
          {t('app.remove')}
        </Button>
      ) : null}
    </div>
  );
}
