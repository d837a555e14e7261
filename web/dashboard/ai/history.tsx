import { type AISettings, ai } from '@core/ai.ts';
import { key } from '@core/merge.ts';
import { asProblem } from '@core/problem.ts';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { Banner, Button, Card, Chip, Dialog, EmptyState, Icon } from '@ui';
import { useState } from 'react';
import { More } from '../shell/more.tsx';
import { Answered } from '../shell/page.tsx';
import { useNow } from '../state/box.ts';
import { problemText } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { ChangeList } from './changes.tsx';
import { Failing, failedTests } from './failing.tsx';
import { type Change, diff, type Setup } from './setup.ts';
import { aiKey, aiQuery, type Editing, type Loaded } from './state.ts';
import { useWho } from './who.ts';

/** Every version of the settings: who made it, what it changed, and the way back to it. */
export default function History({ e }: { e: Editing }) {
  const { t } = useText();
  const query = useInfiniteQuery(aiQuery.history());
  const [back, setBack] = useState<AISettings | null>(null);
  const list = query.data?.pages.flatMap((p) => p.items) ?? [];
  const as = (s: AISettings): Setup => ({ ...e.base, ai: s });
  const changesOf = (s: AISettings, before: AISettings | undefined) =>
    before ? diff(as(before), as(s)) : query.hasNextPage ? undefined : null;
  const dirty = e.changes.length > 0;
  return (
    <Answered query={query}>
      <Card title={t('agent.history.title')} text={t('agent.history.text')}>
        {dirty ? (
          <div className="px-[18px] pb-3.5">
            <Banner icon="info" box>
              {t('agent.history.unsaved')}
            </Banner>
          </div>
        ) : null}
        {list.length === 0 ? (
          <EmptyState icon="clock" title={t('agent.history.empty')} text={t('agent.history.empty_text')} />
        ) : (
          <ol>
            {list.map((s, i) => (
              <Version
                key={s.version}
                s={s}
                changes={changesOf(s, list[i + 1])}
                now={i === 0}
                e={e}
                onBack={dirty ? undefined : () => setBack(s)}
              />
            ))}
          </ol>
        )}
        <More query={query} />
      </Card>
      {back ? (
        <Back
          version={back.version}
          changes={diff(e.base, as(back))}
          loaded={e.loaded}
          onClose={() => setBack(null)}
        />
      ) : null}
    </Answered>
  );
}

/** Asks once more; tests that would fail under the old version are named, and a reason goes over them. */
function Back({
  version,
  changes,
  loaded,
  onClose,
}: {
  version: number;
  changes: Change[];
  loaded: Loaded;
  onClose: () => void;
}) {
  const { t } = useText();
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const failing = failedTests(asProblem(problem));
  const run = async (override = '') => {
    setBusy(true);
    setProblem(null);
    try {
      await ai.restore(version, override);
      await client.invalidateQueries({ queryKey: aiKey.state });
      await client.invalidateQueries({ queryKey: key.workspace });
      onClose();
    } catch (err) {
      setProblem(err);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('agent.history.back_title', { n: String(version) })}
      text={t('agent.history.back_text')}
      closeLabel={t('app.close')}
      actions={
        <>
          <Button kind="ghost" onClick={onClose}>
            {t('app.cancel')}
          </Button>
          {failing ? null : (
            <Button kind="danger" busy={busy} onClick={() => void run()}>
              {t('agent.history.back')}
            </Button>
          )}
        </>
      }
    >
      <ChangeList changes={changes} loaded={loaded} />
      <div className="mt-3">
        {failing ? (
          <Failing questions={failing} busy={busy} label={t('agent.history.all_the_same')} onSave={run} />
        ) : problem ? (
          <Banner tone="bad" icon="alert" box role="alert">
            {problemText(t, problem)}
          </Banner>
        ) : null}
      </div>
    </Dialog>
  );
}

function Version({
  s,
  changes,
  now,
  e,
  onBack,
}: {
  s: AISettings;
  /** null for the first version; undefined while the one before is not loaded. */
  changes: Change[] | null | undefined;
  now: boolean;
  e: Editing;
  onBack: (() => void) | undefined;
}) {
  const { t, format } = useText();
  const time = useNow();
  const who = useWho();
  return (
    <li className="flex flex-wrap items-start gap-x-3 gap-y-2 border-t border-line px-[18px] py-3">
      <Icon name="clock" className="mt-0.5 text-ink-3" />
      <div className="min-w-60 flex-1">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <b className="font-semibold">{t('agent.history.version', { n: String(s.version) })}</b>
          {now ? (
            <Chip tone="ok" icon="check">
              {t('agent.history.now')}
            </Chip>
          ) : null}
          <span className="text-ink-3">
            {who(s.by)}
            {s.at ? (
              <>
                {' · '}
                <time dateTime={s.at} title={format.full(s.at)}>
                  {format.agoInWords(s.at, time)}
                </time>
              </>
            ) : null}
          </span>
        </p>
        <div className="mt-1.5 text-ink-2">
          {changes === undefined ? null : changes === null ? (
            t('agent.history.first')
          ) : changes.length ? (
            <ChangeList changes={changes} loaded={e.loaded} />
          ) : (
            t('agent.history.same')
          )}
        </div>
      </div>
      {now || !onBack ? null : (
        <Button size="s" icon="undo" onClick={onBack}>
          {t('agent.history.back')}
        </Button>
      )}
    </li>
  );
}
