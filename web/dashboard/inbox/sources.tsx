import { safeUrl } from '@core/format.ts';
import type { SourceRef } from '@core/types.ts';
import { Link } from '@tanstack/react-router';
import { ChipButton, cn, Icon, Popover } from '@ui';
import { useText } from '../state/i18n.ts';

/** What an answer rests on; each opens the words it was taken from. */
export function Sources({
  sources,
  numbered,
  className,
}: {
  sources: SourceRef[];
  numbered?: boolean;
  className?: string;
}) {
  const { t } = useText();
  if (sources.length === 0) return null;
  return (
    <ul
      aria-label={t('source.list')}
      className={cn('flex max-w-full min-w-0 flex-wrap gap-[5px]', className)}
    >
      {sources.map((s) => (
        <li key={`${s.n}-${s.passage_id}`} className="max-w-full">
          <Popover
            label={t('source.from', { name: s.name })}
            trigger={
              <ChipButton tone="ai" icon={numbered ? undefined : 'book'}>
                {numbered ? `${s.n} ` : ''}
                {s.name}
                {s.heading && s.heading !== s.name ? `, ${s.heading}` : ''}
              </ChipButton>
            }
          >
            <p className="flex items-center gap-1.5 font-semibold text-ai-ink">
              <Icon name="book" size={14} />
              <span className="truncate">{s.name}</span>
            </p>
            {s.heading ? <p className="mt-0.5 text-meta text-ink-3">{s.heading}</p> : null}
            <blockquote
              dir="auto"
              className="mt-2 max-h-56 overflow-auto border-s-2 border-ai ps-3 text-start whitespace-pre-wrap text-ink-2"
            >
              {s.quote}
            </blockquote>
            <p className="mt-3 flex gap-4 font-medium text-brand-ink">
              <Link
                to="/knowledge/{-$id}"
                params={{ id: s.source_id }}
                className="underline underline-offset-2"
              >
                {t('source.open')}
              </Link>
              {safeUrl(s.url) ? (
                <a
                  href={safeUrl(s.url)}
                  target="_blank"
                  rel="noreferrer noopener"
                  className="underline underline-offset-2"
                >
                  {t('source.page')}
                </a>
              ) : null}
            </p>
          </Popover>
        </li>
      ))}
    </ul>
  );
}
