import { workspace } from '@core/api.ts';
import { key } from '@core/merge.ts';
import { asProblem } from '@core/problem.ts';
import type { Mode, Workspace } from '@core/types.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import {
  Banner,
  Button,
  Card,
  CardBody,
  Field,
  Input,
  patient,
  Segmented,
  Select,
  Switch,
  useToast,
} from '@ui';
import { type FormEvent, lazy, Suspense, useState } from 'react';
import { Answered } from '../shell/page.tsx';
import { problemText, useCan, useTry } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { q } from '../state/queries.ts';
import { TakeAlong } from './along.tsx';
import { Answers } from './answers.tsx';
import { Storage } from './storage.tsx';

const ClosingDialog = lazy(patient(() => import('./closing.tsx')));

const modes: Mode[] = ['off', 'draft', 'autopilot'];

export function WorkspaceTab() {
  const query = useQuery(q.workspace());
  return (
    <Answered query={query}>
      {query.data ? (
        <>
          <Names key={query.data.id} ws={query.data} />
          <Ai ws={query.data} />
          <Limited ws={query.data} />
          <Storage />
          <Answers key={`answers ${query.data.id}`} ws={query.data} />
          <Deletion ws={query.data} />
        </>
      ) : null}
    </Answered>
  );
}

function Names({ ws }: { ws: Workspace }) {
  const { t } = useText();
  const may = useCan('workspace.write');
  const client = useQueryClient();
  const say = useToast();
  const [name, setName] = useState(ws.name);
  const [locale, setLocale] = useState(ws.locale);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const fields = problem ? asProblem(problem).fields : {};
  const dirty = name.trim() !== ws.name || locale !== ws.locale;
  const save = async (e: FormEvent) => {
    e.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      client.setQueryData<Workspace>(key.workspace, await workspace.change({ name: name.trim(), locale }));
      await client.invalidateQueries({ queryKey: key.me });
      say(t('app.saved'));
    } catch (err) {
      setProblem(err);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Card title={t('settings.workspace')}>
      <CardBody>
        <form className="flex flex-col gap-4" onSubmit={(e) => void save(e)}>
          <fieldset disabled={!may} className="flex min-w-0 flex-col gap-4">
            <Field label={t('setup.workspace')} error={fields.name}>
              <Input
                value={name}
                required
                maxLength={100}
                dir="auto"
                onChange={(e) => setName(e.target.value)}
              />
            </Field>
            <Field label={t('settings.locale')} hint={t('settings.locale_text')} error={fields.locale}>
              <Select
                value={locale}
                onChange={(e) => setLocale(e.target.value === 'tr' ? 'tr' : 'en')}
                className="max-w-60"
              >
                <option value="en">English</option>
                <option value="tr">Türkçe</option>
              </Select>
            </Field>
          </fieldset>
          {problem ? (
            <Banner tone="bad" icon="alert" box role="alert">
              {problemText(t, problem)}
            </Banner>
          ) : null}
          {may ? (
            <Button kind="primary" type="submit" busy={busy} disabled={!dirty} className="self-start">
              {t('app.save')}
            </Button>
          ) : null}
        </form>
      </CardBody>
    </Card>
  );
}

/** The way out for the whole business, at the end of the page. */
function Deletion({ ws }: { ws: Workspace }) {
  const { t } = useText();
  const may = useCan('admin.write');
  const [open, setOpen] = useState(false);
  if (!may) return null;
  return (
    <>
      <Card title={t('closing.along')} text={t('closing.along_text')} action={<TakeAlong />} />
      <Card
        title={t('closing.card')}
        text={t('closing.card_text', { workspace: ws.name })}
        action={
          <Button size="s" kind="danger" onClick={() => setOpen(true)}>
            {t('closing.open')}
          </Button>
        }
      />
      <Suspense>{open ? <ClosingDialog onClose={() => setOpen(false)} /> : null}</Suspense>
    </>
  );
}

function Limited({ ws }: { ws: Workspace }) {
  const { t } = useText();
  const may = useCan('workspace.write');
  const client = useQueryClient();
  const attempt = useTry();
  const change = (limited_data_use: boolean) =>
    void attempt(async () => {
      client.setQueryData<Workspace>(key.workspace, await workspace.change({ limited_data_use }));
    });
  return (
    <Card title={t('settings.privacy')}>
      <CardBody>
        <Switch
          label={t('settings.limited')}
          hint={t('settings.limited_text')}
          on={ws.limited_data_use}
          disabled={!may}
          onChange={change}
        />
      </CardBody>
    </Card>
  );
}

function Ai({ ws }: { ws: Workspace }) {
  const { t } = useText();
  const may = useCan('workspace.write');
  const client = useQueryClient();
  const attempt = useTry();
  const change = (part: Partial<Workspace>) =>
    void attempt(async () => {
      client.setQueryData<Workspace>(key.workspace, { ...ws, ...part });
      try {
        client.setQueryData<Workspace>(key.workspace, await workspace.change(part));
      } catch (err) {
        client.setQueryData<Workspace>(key.workspace, ws);
        throw err;
      }
    });
  return (
    <Card title={t('settings.ai')} text={t('settings.ai_text')}>
      <CardBody>
        <div className="flex flex-col items-start gap-1">
          <span className="font-medium">{t('settings.mode')}</span>
          <Segmented
            label={t('settings.mode')}
            tone="ai"
            value={ws.mode}
            disabled={!may}
            onChange={(mode) => change({ mode })}
            choices={modes.map((m) => ({ value: m, label: t(`mode.${m}`) }))}
          />
          <p className="text-meta text-ink-3">{t(`ai.${ws.mode}_text`)}</p>
        </div>
        <div className="flex flex-wrap items-center justify-between gap-3 border-t border-line pt-4">
          <div>
            <p className="font-medium">{t('settings.pause')}</p>
            <p className="text-ink-3">{ws.paused ? t('notice.paused') : t('settings.pause_text')}</p>
          </div>
          {may ? (
            <Button
              kind={ws.paused ? 'outline' : 'danger'}
              icon={ws.paused ? 'play' : 'pause'}
              onClick={() => change({ paused: !ws.paused })}
            >
              {ws.paused ? t('ai.resume') : t('settings.pause')}
            </Button>
          ) : null}
        </div>
      </CardBody>
    </Card>
  );
}
