import { asProblem } from '@core/problem.ts';
import { Banner, Button, Icon } from '@ui';
import { useEffect } from 'react';
import { problemText } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { ChangeList } from './changes.tsx';
import { Failing, failedTests } from './failing.tsx';
import type { Editing } from './state.ts';

/** What is not saved yet, what others changed meanwhile, and the way to save. */
export function SaveBar({ e }: { e: Editing }) {
  const { t } = useText();
  const { save, changes, busy } = e;
  const dirty = changes.length > 0;
  useEffect(() => {
    if (!dirty || busy) return;
    const hear = (ev: KeyboardEvent) => {
      if (ev.key !== 's' || !(ev.ctrlKey || ev.metaKey) || ev.altKey) return;
      ev.preventDefault();
      void save();
    };
    window.addEventListener('keydown', hear);
    return () => window.removeEventListener('keydown', hear);
  }, [dirty, busy, save]);
  if (!dirty && e.moved.length === 0) return null;
  const problem = asProblem(e.problem);
  const late = problem.code === 'settings_changed';
  const failing = failedTests(problem);
  return (
    <section
      aria-label={t('agent.save.title')}
      className="flex-none border-t border-line bg-raised px-7 py-2.5 shadow-2 phone:px-4"
    >
      <div className="mx-auto flex max-w-[1080px] flex-col gap-2.5">
        {e.moved.length ? (
          <Banner
            tone="warn"
            icon="users"
            box
            role="alert"
            action={
              <Button size="s" onClick={e.seen}>
                {t('agent.save.seen')}
              </Button>
            }
          >
            <p className="font-semibold">{t('agent.save.moved')}</p>
            <ChangeList changes={e.moved} loaded={e.loaded} short />
          </Banner>
        ) : null}
        {failing ? <Failing questions={failing} busy={busy} onSave={save} /> : null}
        {e.problem && !late && !failing ? (
          <Banner tone="bad" icon="alert" box role="alert">
            {problemText(t, e.problem)}
          </Banner>
        ) : null}
        {dirty ? (
          <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
            <span className="flex flex-1 items-center gap-2 font-medium whitespace-nowrap">
              <Icon name="pen" className="text-ink-3" />
              {t('agent.save.count', { count: changes.length })}
            </span>
            <Button kind="ghost" disabled={busy} onClick={e.undo}>
              {t('agent.save.undo')}
            </Button>
            <Button kind="primary" busy={busy} keys="mod+s" onClick={() => void save()}>
              {late ? t('agent.save.anyway') : t('app.save')}
            </Button>
          </div>
        ) : null}
      </div>
    </section>
  );
}
