import type { Purpose } from '@core/ai.ts';
import { Card, CardBody, Chip, Field, Icon, Input, Switch } from '@ui';
import { useText } from '../state/i18n.ts';
import type { Editing } from './state.ts';

const purposes: {
  name: Purpose;
  leaves: ('question' | 'history' | 'passages' | 'knowledge' | 'instructions')[];
}[] = [
  { name: 'reply', leaves: ['question', 'history', 'passages', 'instructions'] },
  { name: 'suggest', leaves: ['question', 'history', 'passages', 'instructions'] },
  { name: 'rewrite', leaves: ['question'] },
  { name: 'meaning', leaves: ['question', 'knowledge'] },
  { name: 'phrase', leaves: ['passages'] },
  { name: 'evaluate', leaves: ['question', 'passages', 'instructions'] },
];

/** Each purpose on its own switch, with what leaves for it. */
export function Purposes({ e }: { e: Editing }) {
  const { t } = useText();
  const { ai } = e.mine;
  const toggle = (name: Purpose, on: boolean) =>
    // In the order of the page, so that the same choice is the same value.
    e.set({
      purposes: purposes.map((p) => p.name).filter((x) => (x === name ? on : ai.purposes.includes(x))),
    });
  return (
    <Card title={t('agent.purpose.title')} text={t('agent.purpose.text')}>
      <ul>
        {purposes.map((p) => (
          <li key={p.name} className="border-t border-line px-[18px] py-3">
            <Switch
              label={t(`agent.purpose.${p.name}`)}
              hint={
                <>
                  {t(`agent.purpose.${p.name}_text`)}
                  <span className="mt-1 flex flex-wrap items-center gap-1.5 text-meta">
                    {t('agent.purpose.leaves')}
                    {p.leaves.map((l) => (
                      <Chip key={l}>{t(`agent.leaves.${l}`)}</Chip>
                    ))}
                  </span>
                </>
              }
              on={ai.purposes.includes(p.name)}
              disabled={!e.may}
              onChange={(on) => toggle(p.name, on)}
            />
          </li>
        ))}
      </ul>
      <p className="flex gap-2 border-t border-line px-[18px] py-3 text-ink-3">
        <Icon name="shield" className="mt-0.5" />
        {t('agent.purpose.masked')}
      </p>
    </Card>
  );
}

/** A whole number within its bounds; while one writes it may be out of them. */
function Amount({
  label,
  hint,
  value,
  min,
  max,
  step = 1,
  onChange,
}: {
  label: string;
  hint: string;
  value: number;
  min: number;
  max?: number;
  step?: number;
  onChange: (n: number) => void;
}) {
  const { t, format } = useText();
  const wrong = !(value >= min && (max === undefined || value <= max));
  return (
    <Field
      label={label}
      hint={hint}
      error={
        wrong
          ? max === undefined
            ? t('agent.model.at_least', { min: format.number(min) })
            : t('agent.model.between', { min: format.number(min), max: format.number(max) })
          : undefined
      }
    >
      <Input
        type="number"
        min={min}
        max={max}
        step={step}
        required
        value={Number.isNaN(value) ? '' : value}
        onChange={(ev) => onChange(ev.target.valueAsNumber)}
        className="max-w-36"
      />
    </Field>
  );
}

export function Writing({ e }: { e: Editing }) {
  const { t } = useText();
  const { ai } = e.mine;
  return (
    <Card title={t('agent.model.writing')}>
      <CardBody className="grid! grid-cols-3 max-[900px]:grid-cols-1">
        <Amount
          label={t('agent.field.temperature')}
          hint={t('agent.model.temperature_text')}
          value={ai.temperature}
          min={0}
          max={1}
          step={0.05}
          onChange={(temperature) => e.set({ temperature })}
        />
        <Amount
          label={t('agent.field.max_tokens')}
          hint={t('agent.model.max_tokens_text')}
          value={ai.max_tokens}
          min={50}
          max={4000}
          step={50}
          onChange={(max_tokens) => e.set({ max_tokens })}
        />
        <Amount
          label={t('agent.field.history')}
          hint={t('agent.model.history_text')}
          value={ai.history}
          min={0}
          max={40}
          onChange={(history) => e.set({ history })}
        />
      </CardBody>
    </Card>
  );
}

export function Limits({ e }: { e: Editing }) {
  const { t } = useText();
  const { ai } = e.mine;
  return (
    <Card title={t('agent.limit.title')} text={t('agent.limit.text')}>
      <CardBody className="grid! grid-cols-2 max-[900px]:grid-cols-1">
        <Amount
          label={t('agent.field.tokens_per_day')}
          hint={t('agent.limit.zero')}
          value={ai.tokens_per_day}
          min={0}
          step={1000}
          onChange={(tokens_per_day) => e.set({ tokens_per_day })}
        />
        <Amount
          label={t('agent.limit.dollars')}
          hint={t('agent.limit.zero')}
          value={ai.cents_per_day / 100}
          min={0}
          step={0.01}
          onChange={(dollars) => e.set({ cents_per_day: Math.round(dollars * 100) })}
        />
      </CardBody>
    </Card>
  );
}
