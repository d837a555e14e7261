import type { Passage } from '@core/types.ts';
import { useText } from '../state/i18n.ts';
import { cells, columnsOf } from './files.ts';
import { Marks, PassageActs } from './passages.tsx';

const cell = 'border-t border-line px-3 py-2 first:ps-[18px] last:pe-[18px]';

/** The rows of a price list, by its own columns. */
export function Items({ passages, onOpen }: { passages: Passage[]; onOpen: (p: Passage) => void }) {
  const { t } = useText();
  const columns = columnsOf(passages);
  if (passages.length === 0) return null;
  return (
    <section className="ring-inner overflow-x-auto" tabIndex={0} aria-label={t('knowledge.items_title')}>
      <table className="w-full text-start">
        <thead>
          <tr className="text-meta text-ink-3">
            {columns.map((c) => (
              <th
                key={c}
                scope="col"
                className="px-3 pb-2 text-start font-medium whitespace-nowrap first:ps-[18px]"
              >
                <bdi>{c}</bdi>
              </th>
            ))}
            <td />
          </tr>
        </thead>
        <tbody>
          {passages.map((p) => {
            const row = new Map(cells(p.text).map((c) => [c.column, c.value]));
            return (
              <tr key={p.id} className={p.hidden ? 'text-ink-3' : ''}>
                {columns.map((c, i) => (
                  <td key={c} className={cell}>
                    <span
                      dir="auto"
                      className={`line-clamp-2 text-start break-words ${i === 0 ? 'font-medium' : 'num'}`}
                    >
                      {row.get(c) ?? ''}
                    </span>
                    {i === 0 ? <Marks p={p} /> : null}
                  </td>
                ))}
                <td className={cell}>
                  <span className="flex justify-end">
                    <PassageActs p={p} onOpen={() => onOpen(p)} />
                  </span>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
