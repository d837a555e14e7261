import { bestContrast, enough } from '@core/contrast.ts';
import type { Bilingual, Channel, Consent, Mode, WidgetSettings } from '@core/types.ts';
import {
  Banner,
  Button,
  Card,
  CardBody,
  Chip,
  Field,
  IconButton,
  Input,
  Segmented,
  Select,
  Switch,
  Textarea,
  useToast,
} from '@ui';
import { useState } from 'react';
import { useText } from '../state/i18n.ts';

export type Form = Omit<WidgetSettings, 'key'> & { name: string; mode: '' | Mode; on: boolean };

export function formOf(c: Channel): Form {
  const { key: _, ...settings } = c.settings;
  return { ...settings, name: c.name, mode: c.mode, on: c.state !== 'off' };
}

export function patchOf(f: Form) {
  const { name, mode, on, ...settings } = f;
  return { name, mode, state: on ? ('active' as const) : ('off' as const), settings };
}

type Props = {
  channel: Channel;
  form: Form;
  onChange: (part: Partial<Form>) => void;
  readable: boolean;
  fields: Record<string, string>;
};

/** Everything one may set about the website chat. */
export function Forms(props: Props) {
  return (
    <>
      <Snippet channel={props.channel} />
      <Domains {...props} />
      <Texts {...props} />
      <Look {...props} />
      <Privacy {...props} />
      <Behaviour {...props} />
    </>
  );
}

function Snippet({ channel }: { channel: Channel }) {
  const { t } = useText();
  const say = useToast();
  const copy = () =>
    void navigator.clipboard.writeText(channel.snippet).then(
      () => say(t('app.copied')),
      () => say(t('app.copy_failed'), { bad: true }),
    );
  return (
    <Card
      title={t('channel.snippet')}
      text={t('channel.snippet_text')}
      action={
        <Button size="s" icon="copy" onClick={copy}>
          {t('app.copy')}
        </Button>
      }
    >
      <CardBody>
        <pre
          tabIndex={0}
          role="group"
          aria-label={t('channel.snippet')}
          dir="ltr"
          className="overflow-x-auto rounded-medium border border-line bg-sunken p-3 font-mono text-meta"
        >
          {channel.snippet}
        </pre>
      </CardBody>
    </Card>
  );
}

/** What a person pastes, as an origin: scheme and host, no path; without a scheme https is meant. */
export function cleanDomain(text: string): string {
  const t = text.trim().toLowerCase();
  const [, scheme = 'https://', star = '', rest = ''] = /^(https?:\/\/)?(\*\.)?([^\s*]+)$/.exec(t) ?? [];
  try {
    const u = new URL(scheme + rest);
    if (u.username || (star && !u.hostname.includes('.'))) return '';
    return scheme + star + u.host;
  } catch {
    return '';
  }
}

function Domains({ form, onChange, fields }: Props) {
  const { t } = useText();
  const [text, setText] = useState('');
  const [wrong, setWrong] = useState(false);
  const add = () => {
    const domain = cleanDomain(text);
    setWrong(!domain);
    if (!domain) return;
    if (!form.domains.includes(domain)) onChange({ domains: [...form.domains, domain] });
    setText('');
  };
  return (
    <Card title={t('channel.domains')} text={t('channel.domains_text')}>
      <CardBody>
        {form.domains.length === 0 ? (
          <Banner tone="warn" icon="alert" box>
            {t('channel.domains_none')}
          </Banner>
        ) : (
          <ul className="flex flex-wrap gap-2">
            {form.domains.map((d) => (
              <li key={d} className="flex items-center rounded-medium border border-line ps-2.5" dir="ltr">
                {d}
                <IconButton
                  icon="x"
                  size="s"
                  label={t('channel.domain_remove', { domain: d })}
                  onClick={() => onChange({ domains: form.domains.filter((x) => x !== d) })}
                />
              </li>
            ))}
          </ul>
        )}
        <div className="flex items-start gap-2">
          <Field
            label={t('channel.domain_new')}
            error={wrong ? t('channel.domain_wrong') : fields['settings.domains']}
            className="flex-1"
          >
            <Input
              value={text}
              dir="ltr"
              placeholder="shop.example.com"
              onChange={(e) => setText(e.target.value)}
              onKeyDown={(e) => {
                if (e.key !== 'Enter') return;
                e.preventDefault();
                add();
              }}
            />
          </Field>
          <Button icon="plus" onClick={add} className="mt-6">
            {t('channel.domain_add')}
          </Button>
        </div>
      </CardBody>
    </Card>
  );
}

function Texts({ form, onChange, fields }: Props) {
  const { t, language } = useText();
  const [shown, setShown] = useState<'en' | 'tr'>(language);
  const field = (name: 'title' | 'greeting' | 'prompt') => {
    const value: Bilingual = form[name];
    return {
      value: value[shown],
      lang: shown,
      maxLength: name === 'greeting' ? 300 : 80,
      onChange: (e: { target: { value: string } }) =>
        onChange({ [name]: { ...value, [shown]: e.target.value } }),
    };
  };
  return (
    <Card
      title={t('channel.texts')}
      action={
        <Segmented
          label={t('channel.texts_language')}
          value={shown}
          onChange={setShown}
          choices={[
            { value: 'en', label: 'English' },
            { value: 'tr', label: 'Türkçe' },
          ]}
        />
      }
    >
      <CardBody>
        <Field label={t('channel.title')} error={fields['settings.title']}>
          <Input {...field('title')} />
        </Field>
        <Field label={t('channel.greeting')} error={fields['settings.greeting']}>
          <Textarea rows={2} {...field('greeting')} />
        </Field>
        <Field label={t('channel.prompt')} error={fields['settings.prompt']}>
          <Input {...field('prompt')} />
        </Field>
        <Field label={t('channel.locale')}>
          <Select
            value={form.locale_default}
            onChange={(e) => onChange({ locale_default: e.target.value as Form['locale_default'] })}
          >
            <option value="auto">{t('channel.locale_auto')}</option>
            <option value="en">English</option>
            <option value="tr">Türkçe</option>
          </Select>
        </Field>
      </CardBody>
    </Card>
  );
}

function Look({ form, onChange, readable, fields }: Props) {
  const { t, format } = useText();
  const ratio = bestContrast(form.brand_colour);
  return (
    <Card title={t('channel.look')}>
      <CardBody>
        <Field
          label={t('channel.colour')}
          error={
            readable
              ? fields['settings.brand_colour']
              : ratio === 0
                ? t('channel.colour_wrong')
                : t('channel.colour_low', {
                    ratio: format.decimal(ratio, 1),
                    need: format.decimal(enough, 1),
                  })
          }
        >
          <Input
            value={form.brand_colour}
            dir="ltr"
            maxLength={7}
            onChange={(e) => onChange({ brand_colour: e.target.value })}
            className="max-w-40 font-mono"
          />
        </Field>
        <div className="flex items-center gap-3">
          <input
            type="color"
            aria-label={t('channel.colour_pick')}
            value={ratio ? form.brand_colour : '#0f5c55'}
            onChange={(e) => onChange({ brand_colour: e.target.value })}
            className="h-8 w-12 cursor-pointer rounded-small border border-line bg-surface p-0.5"
          />
          <Chip tone={readable ? 'ok' : 'bad'} icon={readable ? 'check' : 'alert'}>
            {t('channel.contrast', { ratio: format.decimal(ratio, 1) })}
          </Chip>
        </div>
        <div className="flex flex-col items-start gap-1">
          <span className="font-medium">{t('channel.position')}</span>
          <Segmented
            label={t('channel.position')}
            value={form.position}
            onChange={(position) => onChange({ position })}
            choices={[
              { value: 'start', label: t('channel.position_start') },
              { value: 'end', label: t('channel.position_end') },
            ]}
          />
        </div>
      </CardBody>
    </Card>
  );
}

const consents: Consent[] = ['required', 'ask', 'granted', 'auto'];

function Privacy({ form, onChange, fields }: Props) {
  const { t } = useText();
  return (
    <Card title={t('channel.privacy')}>
      <CardBody>
        <Field label={t('channel.consent')} hint={t(`consent.${form.consent}_text`)}>
          <Select value={form.consent} onChange={(e) => onChange({ consent: e.target.value as Consent })}>
            {consents.map((c) => (
              <option key={c} value={c}>
                {t(`consent.${c}`)}
              </option>
            ))}
          </Select>
        </Field>
        <Field
          label={t('channel.erase')}
          hint={t('channel.erase_text', { count: form.erase_after_hours })}
          error={fields['settings.erase_after_hours']}
        >
          <Input
            type="number"
            min={1}
            max={72}
            step={1}
            required
            value={form.erase_after_hours}
            onChange={(e) => onChange({ erase_after_hours: Math.round(Number(e.target.value)) })}
            className="max-w-28"
          />
        </Field>
        <Switch
          label={t('channel.ask_name')}
          on={form.ask_name}
          onChange={(ask_name) => onChange({ ask_name })}
        />
        <Switch
          label={t('channel.ask_email')}
          hint={t('channel.ask_text')}
          on={form.ask_email}
          onChange={(ask_email) => onChange({ ask_email })}
        />
      </CardBody>
    </Card>
  );
}

function Behaviour({ form, onChange, fields }: Props) {
  const { t } = useText();
  return (
    <Card title={t('channel.behaviour')}>
      <CardBody>
        <Field label={t('channel.name')} error={fields.name}>
          <Input
            value={form.name}
            required
            maxLength={100}
            dir="auto"
            onChange={(e) => onChange({ name: e.target.value })}
          />
        </Field>
        <Field label={t('channel.mode')} hint={t('channel.mode_text')}>
          <Select value={form.mode} onChange={(e) => onChange({ mode: e.target.value as Form['mode'] })}>
            <option value="">{t('channel.mode_workspace')}</option>
            <option value="off">{t('mode.off')}</option>
            <option value="draft">{t('mode.draft')}</option>
            <option value="autopilot">{t('mode.autopilot')}</option>
          </Select>
        </Field>
        <Switch
          label={t('channel.on')}
          hint={t('channel.on_text')}
          on={form.on}
          onChange={(on) => onChange({ on })}
        />
      </CardBody>
    </Card>
  );
}
