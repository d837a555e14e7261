import type { Upload, Uploads } from '@core/uploads.ts';
import { cn, Icon, IconButton } from '@ui';
import { problemText } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';

/** Files that wait to be sent, each with how far it is and what is wrong with it. */
export default function Attached({ uploads, items }: { uploads: Uploads; items: Upload[] }) {
  const { t } = useText();
  return (
    <ul aria-label={t('attach.list')} className="flex flex-wrap gap-2 px-3 pt-1 pb-1.5">
      {items.map((u) => (
        <Chosen key={u.key} u={u} uploads={uploads} />
      ))}
    </ul>
  );
}

function Chosen({ u, uploads }: { u: Upload; uploads: Uploads }) {
  const { t, format } = useText();
  const bad = u.state === 'failed' || u.state === 'refused';
  const words = u.refusal
    ? t(`attach.${u.refusal}`, { size: format.bytes(u.most) })
    : u.state === 'failed'
      ? problemText(t, u.error)
      : u.state === 'going'
        ? format.percent(u.part)
        : format.bytes(u.file.size);
  return (
    <li
      className={cn(
        'relative flex w-64 max-w-full items-center gap-2.5 overflow-hidden rounded-[10px] border p-1.5',
        bad ? 'border-bad/40 bg-bad-soft' : 'border-line bg-sunken',
      )}
    >
      {u.preview && !bad ? (
        <img src={u.preview} alt="" className="size-10 flex-none rounded-small object-cover" />
      ) : (
        <span className="grid size-10 flex-none place-items-center rounded-small bg-hover text-ink-2">
          <Icon name={bad ? 'alert' : 'file'} className={bad ? 'text-bad' : ''} />
        </span>
      )}
      <span className="min-w-0 flex-1">
        <span dir="auto" className="block truncate text-start font-medium">
          {u.file.name}
        </span>
        <span
          role={bad ? 'alert' : undefined}
          className={cn('block text-meta', bad ? 'text-bad' : 'num truncate text-ink-3')}
        >
          {words}
        </span>
      </span>
      {u.state === 'failed' ? (
        <IconButton
          icon="refresh"
          size="s"
          label={t('attach.again', { name: u.file.name })}
          onClick={() => uploads.retry(u.key)}
        />
      ) : null}
      <IconButton
        icon="x"
        size="s"
        label={t('attach.remove', { name: u.file.name })}
        onClick={() => uploads.remove(u.key)}
      />
      {u.state === 'going' ? (
        <span
          role="progressbar"
          aria-label={u.file.name}
          aria-valuenow={Math.round(u.part * 100)}
          className="absolute inset-x-0 bottom-0 h-0.5 bg-line"
        >
          <span
            className="block h-full bg-brand transition-[width] duration-[180ms]"
            style={{ width: `${u.part * 100}%` }}
          />
        </span>
      ) : null}
    </li>
  );
}
