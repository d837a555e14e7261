import { type LabTest, lab } from '@core/lab.ts';
import { useQueryClient } from '@tanstack/react-query';
import { Button, Card, Chip, EmptyState, Icon, IconButton, patient } from '@ui';
import { lazy, Suspense, useState } from 'react';
import { useKindName } from '../channels/kind.tsx';
import { Confirm } from '../shell/confirm.tsx';
import { Answered } from '../shell/page.tsx';
import { useNow } from '../state/box.ts';
import { useCan } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { Going, RunLine } from './going.tsx';
import { isTrial, labKey, type Runs, useTests } from './labstate.ts';
import { Results } from './results.tsx';
import type { Editing } from './state.ts';

const CaseDialog = lazy(patient(() => import('./casedialog.tsx')));

/** The questions that the AI is held to, and what became of them the last time. */
export function Cases({ e, runs }: { e: Editing; runs: Runs }) {
  const { t, format } = useText();
  const client = useQueryClient();
  const { query, tests } = useTests();
  const mayWrite = useCan('knowledge.write');
  const mayRun = useCan('workspace.write');
  const mayRead = useCan('conversation.read');
  const [edit, setEdit] = useState<LabTest | 'new' | null>(null);
  const [drop, setDrop] = useState<LabTest | null>(null);
  const failing = tests.filter((x) => x.verdict === 'failed').length;
  const held = tests.filter((x) => x.verdict === 'passed').length;
  const last = runs.runs.find((r) => !isTrial(r) && r.state !== 'running' && r.total > 0);
  return (
    <>
      <Card
        title={t('evaluate.tests.title')}
        text={
          tests.length
            ? t('evaluate.tests.summary', {
                n: format.number(held),
                failed: format.number(failing),
                all: format.number(tests.length),
              })
            : t('evaluate.tests.text')
        }
        action={
          <span className="flex flex-wrap justify-end gap-2">
            {mayRun && tests.length ? (
              <Button
                size="s"
                icon="play"
                busy={runs.busy}
                disabled={!!runs.now}
                onClick={() => void runs.begin({})}
              >
                {t('evaluate.tests.run_all')}
              </Button>
            ) : null}
            {mayWrite ? (
              <Button size="s" kind="primary" icon="plus" onClick={() => setEdit('new')}>
                {t('evaluate.tests.add')}
              </Button>
            ) : null}
          </span>
        }
      >
        <Answered query={query}>
          {tests.length === 0 ? (
            <EmptyState
              icon="check"
              title={t('evaluate.tests.empty')}
              text={t('evaluate.tests.empty_text')}
            />
          ) : (
            <ul>
              {tests.map((x) => (
                <Case
                  key={x.id}
                  x={x}
                  onRun={mayRun && !runs.now ? () => void runs.begin({ test_ids: [x.id] }) : undefined}
                  onEdit={mayWrite ? () => setEdit(x) : undefined}
                  onDrop={mayWrite ? () => setDrop(x) : undefined}
                />
              ))}
            </ul>
          )}
        </Answered>
        <Going runs={runs} may={mayRun} />
      </Card>
      {last && mayRead ? (
        <Card
          title={last.kind === 'night' ? t('evaluate.result.night') : t('evaluate.result.last')}
          text={<RunLine run={last} />}
        >
          <Results run={last} tests={tests} />
        </Card>
      ) : null}
      <Suspense>
        {edit ? (
          <CaseDialog
            channels={e.loaded.channels}
            test={edit === 'new' ? undefined : edit}
            onClose={() => setEdit(null)}
          />
        ) : null}
      </Suspense>
      {drop ? (
        <Confirm
          title={t('evaluate.tests.drop_title')}
          text={<span dir="auto">{drop.question}</span>}
          action={t('app.delete')}
          onClose={() => setDrop(null)}
          onRun={async () => {
            await lab.drop(drop.id);
            await client.invalidateQueries({ queryKey: labKey.tests });
          }}
        />
      ) : null}
    </>
  );
}

function Case({
  x,
  onRun,
  onEdit,
  onDrop,
}: {
  x: LabTest;
  onRun: (() => void) | undefined;
  onEdit: (() => void) | undefined;
  onDrop: (() => void) | undefined;
}) {
  const { t, format } = useText();
  const now = useNow();
  const kind = useKindName();
  const look = {
    passed: { icon: 'check', ink: 'text-ok' },
    failed: { icon: 'x', ink: 'text-bad' },
    '': { icon: 'clock', ink: 'text-ink-3' },
  } as const;
  const { icon, ink } = look[x.verdict];
  return (
    <li className="flex flex-wrap items-start gap-x-3 gap-y-1 border-t border-line px-[18px] py-2.5">
      <Icon name={icon} className={`mt-0.5 ${ink}`} />
      <div className="min-w-48 flex-1">
        <p dir="auto" className="font-medium break-words">
          {x.question}
        </p>
        <p className="text-meta text-ink-3">
          {[
            x.verdict ? t(`evaluate.verdict.${x.verdict}`) : t('evaluate.verdict.never'),
            x.checked_at ? format.agoInWords(x.checked_at, now) : '',
            x.language ? format.language(x.language) : '',
            x.channel ? kind(x.channel) : '',
          ]
            .filter(Boolean)
            .join(' · ')}
        </p>
        <Expects x={x} />
      </div>
      <span className="flex gap-0.5">
        {onRun ? (
          <IconButton
            icon="play"
            size="s"
            label={t('evaluate.tests.run_this', { question: x.question })}
            tip={t('evaluate.tests.run')}
            onClick={onRun}
          />
        ) : null}
        {onEdit ? (
          <IconButton
            icon="pen"
            size="s"
            label={t('evaluate.tests.change_this', { question: x.question })}
            tip={t('evaluate.tests.change')}
            onClick={onEdit}
          />
        ) : null}
        {onDrop ? (
          <IconButton
            icon="trash"
            size="s"
            label={t('evaluate.tests.drop_this', { question: x.question })}
            tip={t('app.delete')}
            onClick={onDrop}
          />
        ) : null}
      </span>
    </li>
  );
}

function Expects({ x }: { x: LabTest }) {
  const { t } = useText();
  const { outcome, contains = [], lacks = [], passage_id = '' } = x.expect;
  return (
    <p className="mt-1 flex flex-wrap gap-1">
      {outcome ? <Chip icon="arrow">{t(`evaluate.expect.${outcome}`)}</Chip> : null}
      {contains.map((w) => (
        <Chip key={`+${w}`} icon="plus">
          {t('evaluate.expect.says', { words: w })}
        </Chip>
      ))}
      {lacks.map((w) => (
        <Chip key={`-${w}`} icon="x">
          {t('evaluate.expect.lacks', { words: w })}
        </Chip>
      ))}
      {passage_id ? <Chip icon="book">{t('evaluate.expect.passage')}</Chip> : null}
      {x.variants?.length ? (
        <Chip icon="users">{t('evaluate.expect.variants', { count: x.variants.length })}</Chip>
      ) : null}
    </p>
  );
}
