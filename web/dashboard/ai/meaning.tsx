import { type AISettings, ai } from '@core/ai.ts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Banner, Button, Card, CardBody, Field, Input, Select, useToast } from '@ui';
import { problemText } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { failText } from './key.tsx';
import { aiKey, aiQuery, type Editing } from './state.ts';

/** Who makes vectors of passages and questions, and how far they are. */
export function MeaningCard({ e }: { e: Editing }) {
  const { t } = useText();
  const { meaning } = e.mine.ai;
  const set = (some: Partial<AISettings['meaning']>) => e.set({ meaning: { ...meaning, ...some } });
  if (!e.mine.ai.purposes.includes('meaning')) return null;
  return (
    <Card title={t('agent.meaning.title')} text={t('agent.meaning.text')}>
      <CardBody>
        <div className="flex flex-col gap-4">
          <div className="flex flex-wrap gap-3">
            <Field label={t('agent.meaning.vendor')} className="min-w-52 flex-1">
              <Select
                value={meaning.vendor}
                onChange={(ev) => set({ vendor: ev.target.value as typeof meaning.vendor })}
              >
                <option value="">{t('agent.meaning.choose')}</option>
                <option value="openai">{t('agent.vendor.openai')}</option>
                <option value="compatible">{t('agent.vendor.compatible')}</option>
              </Select>
            </Field>
            <Field
              label={t('agent.model.name')}
              hint={t('agent.meaning.model_text')}
              className="min-w-60 flex-1"
            >
              <Input
                dir="ltr"
                value={meaning.model}
                maxLength={200}
                spellCheck={false}
                autoComplete="off"
                placeholder="text-embedding-3-small"
                onChange={(ev) => set({ model: ev.target.value.replace(/\s/g, '') })}
              />
            </Field>
          </div>
          <div className="flex flex-wrap gap-3">
            <Field
              label={t('agent.meaning.url')}
              hint={t('agent.meaning.url_text')}
              className="min-w-60 flex-1"
            >
              <Input
                type="url"
                dir="ltr"
                value={meaning.url}
                maxLength={500}
                onChange={(ev) => set({ url: ev.target.value.trim() })}
              />
            </Field>
            <Field
              label={t('agent.meaning.dimensions')}
              hint={t('agent.meaning.dimensions_text')}
              className="min-w-40"
            >
              <Input
                type="number"
                min={0}
                max={4096}
                value={String(meaning.dimensions)}
                onChange={(ev) => set({ dimensions: Math.trunc(Number(ev.target.value)) || 0 })}
              />
            </Field>
          </div>
          <Progress />
        </div>
      </CardBody>
    </Card>
  );
}

/** How far the vectors are, in the server's figures; they move while it makes them. */
function Progress() {
  const { t, format } = useText();
  const toast = useToast();
  const client = useQueryClient();
  const query = useQuery({
    ...aiQuery.meaning(),
    refetchInterval: (q) =>
      q.state.data?.on && q.state.data.made + q.state.data.refused < q.state.data.passages ? 3_000 : false,
  });
  const again = useMutation({
    mutationFn: ai.retryMeaning,
    onSuccess: () => client.invalidateQueries({ queryKey: aiKey.meaning }),
    onError: (err) => toast(problemText(t, err), { bad: true }),
  });
  const s = query.data;
  if (!s?.on) return <p className="text-ink-3">{t('agent.meaning.later')}</p>;
  return (
    <div className="flex flex-col gap-3 border-t border-line pt-4">
      <p role="status" className="num">
        {t('agent.meaning.progress', { made: format.number(s.made), count: s.passages })}
        {s.refused ? ` ${t('agent.meaning.refused', { count: s.refused })}` : ''}
      </p>
      {s.fault ? (
        <Banner
          tone="warn"
          icon="alert"
          box
          action={
            <Button size="s" busy={again.isPending} onClick={() => again.mutate()}>
              {t('agent.meaning.again')}
            </Button>
          }
        >
          <span>{s.fault.reason === 'budget' ? t('agent.meaning.budget') : failText(s.fault.reason, t)}</span>{' '}
          {s.fault.words ? (
            <span dir="auto">
              {t('agent.test.words')} {s.fault.words}
            </span>
          ) : null}{' '}
          <span>{t('agent.meaning.next', { at: format.time(s.fault.next_at) })}</span>
        </Banner>
      ) : null}
    </div>
  );
}
