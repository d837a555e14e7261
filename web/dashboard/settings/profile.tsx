import type { Theme } from '@core/prefs.ts';
import { Avatar, Button, Card, CardBody, Field, patient, Row, Segmented, Select, Switch } from '@ui';
import { lazy, Suspense, useState } from 'react';
import { useSignOut } from '../shell/signout.ts';
import { useDesk } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { usePrefs } from '../state/prefs.tsx';
import { Devices } from './devices.tsx';

const PasswordDialog = lazy(patient(() => import('./password.tsx')));

export function ProfileTab() {
  const { t, language } = useText();
  const { me } = useDesk();
  const { prefs, choose } = usePrefs();
  const signOut = useSignOut();
  const [changing, setChanging] = useState(false);
  const themes: Theme[] = ['system', 'light', 'dark'];
  return (
    <>
      <Card>
        <Row
          className="border-0! py-3!"
          start={<Avatar name={me.member.name} seed={me.member.id} size="l" locale={language} />}
          title={me.member.name}
          text={`${me.member.email} · ${t(`role.${me.member.role as 'owner'}`)}`}
          end={
            <Button icon="out" onClick={signOut}>
              {t('nav.sign_out')}
            </Button>
          }
        />
      </Card>
      <Card title={t('settings.this_browser')} text={t('settings.this_browser_text')}>
        <CardBody>
          <div className="flex flex-col items-start gap-1">
            <span className="font-medium">{t('theme.title')}</span>
            <Segmented
              label={t('theme.title')}
              value={prefs.theme}
              onChange={(theme) => choose({ theme })}
              choices={themes.map((x) => ({ value: x, label: t(`theme.${x}`) }))}
            />
          </div>
          <Field label={t('language.title')}>
            <Select
              value={prefs.language || language}
              onChange={(e) => choose({ language: e.target.value === 'tr' ? 'tr' : 'en' })}
              className="max-w-60"
            >
              <option value="en">English</option>
              <option value="tr">Türkçe</option>
            </Select>
          </Field>
          <Switch
            label={t('keys.switch')}
            hint={t('keys.switch_text')}
            on={prefs.shortcuts}
            onChange={(shortcuts) => choose({ shortcuts })}
          />
        </CardBody>
      </Card>
      <Card
        title={t('password.title')}
        text={t('password.text')}
        action={
          <Button size="s" icon="key" onClick={() => setChanging(true)}>
            {t('password.change')}
          </Button>
        }
      />
      <Devices />
      {changing ? (
        <Suspense>
          <PasswordDialog onClose={() => setChanging(false)} />
        </Suspense>
      ) : null}
    </>
  );
}
