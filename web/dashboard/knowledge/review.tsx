import { passages as calls } from '@core/knowledge.ts';
import type { Passage } from '@core/types.ts';
import { Button } from '@ui';
import { useCan } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { useTend } from './tend.ts';

/** What a passage that waits for review says of itself. */
export type Waiting = Pick<Passage, 'id' | 'source_id' | 'heading' | 'text' | 'suspicion'> & {
  question?: string;
};

/** Passages that wait for review: why, and the two ways to decide. */
export function ReviewList({ passages, onOpen }: { passages: Waiting[]; onOpen: (id: string) => void }) {
  const { t } = useText();
  const may = useCan('knowledge.write');
  const tend = useTend();
  return (
    <ol>
      {passages.map((p) => {
        const name = p.question || p.heading || p.text.slice(0, 60);
        return (
          <li key={p.id} className="border-t border-line px-[18px] py-3">
            {p.suspicion ? (
              <p className="mb-1 text-meta font-medium text-warn">
                {t(`knowledge.suspicion.${p.suspicion}`)}
              </p>
            ) : null}
            <PassageWords p={p} />
            {may ? (
              <div className="mt-2.5 flex flex-wrap gap-2">
                <Button
                  size="s"
                  icon="check"
                  aria-label={t('knowledge.approve_named', { name })}
                  onClick={() =>
                    void tend(p, () => calls.change(p.id, { quarantined: false }), t('knowledge.approved'))
                  }
                >
                  {t('knowledge.approve')}
                </Button>
                <Button
                  size="s"
                  icon="lock"
                  aria-label={t('knowledge.keep_hidden_named', { name })}
                  onClick={() =>
                    void tend(p, () => calls.change(p.id, { hidden: true }), t('knowledge.kept_hidden'))
                  }
                >
                  {t('knowledge.keep_hidden')}
                </Button>
                <Button
                  size="s"
                  kind="ghost"
                  icon="pen"
                  aria-label={t('knowledge.edit_named', { name })}
                  onClick={() => onOpen(p.id)}
                >
                  {t('knowledge.edit')}
                </Button>
              </div>
            ) : null}
          </li>
        );
      })}
    </ol>
  );
}

/** What a passage says, below its question or its heading. */
export function PassageWords({ p }: { p: { question?: string; heading: string; text: string } }) {
  return (
    <>
      {p.question || p.heading ? (
        <p dir="auto" className="text-start font-semibold break-words">
          {p.question || p.heading}
        </p>
      ) : null}
      <p dir="auto" className="text-start break-words whitespace-pre-wrap text-ink-2">
        {p.text}
      </p>
    </>
  );
}
