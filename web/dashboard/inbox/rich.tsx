import { parts } from '@core/rich.ts';
import type { SourceRef } from '@core/types.ts';
import { useMemo } from 'react';

/** Message text as its writer wrote it; addresses can be opened, source marks stand small. */
export function Rich({ body, sources = [] }: { body: string; sources?: SourceRef[] }) {
  const found = useMemo(() => {
    let at = 0;
    return parts(body, new Set(sources.map((s) => s.n))).map((p) => {
      const key = `${at}`;
      at += p.kind === 'ref' ? 1 : p.text.length;
      return { ...p, key };
    });
  }, [body, sources]);
  return (
    <div dir="auto" className="text-start text-msg break-words whitespace-pre-wrap">
      {found.map((p) => {
        if (p.kind === 'text') return <span key={p.key}>{p.text}</span>;
        if (p.kind === 'ref') {
          return (
            <sup
              key={p.key}
              className="ms-px rounded-[3px] bg-ai-soft px-[3px] py-px text-[10px] leading-none font-semibold text-ai-ink"
            >
              {p.n}
            </sup>
          );
        }
        return (
          <a
            key={p.key}
            href={p.url}
            target="_blank"
            rel="noreferrer noopener nofollow"
            className="text-brand-ink underline underline-offset-2"
          >
            {p.text}
          </a>
        );
      })}
    </div>
  );
}
