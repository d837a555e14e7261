import type { Theme } from '@core/prefs.ts';
import { useQuery } from '@tanstack/react-query';
import { Avatar, Button, Card, CardBody, Field, patient, Row, Segmented, Select, Switch } from '@ui';
import { lazy, Suspense, useState } from 'react';
import { useSignOut } from '../shell/signout.ts';
import { ways } from '../signin/forgot.tsx';
import { useDesk } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { usePrefs } from '../state/prefs.tsx';
import { Devices } from './devices.tsx';
import { Factors } from './factors.tsx';
import { OutsideAccounts } from './outside.tsx';

const AddressDialog = lazy(patient(() => import('./address.tsx')));
const Consents = lazy(patient(() => import('./consents.tsx')));
const Digest = lazy(patient(() => import('./digest.tsx')));
const LeaveDialog = lazy(patient(() => import('./leave.tsx')));
const Letters = lazy(patient(() => import('./letters.tsx')));
const PasswordDialog = lazy(patient(() => import('./password.tsx')));
const RenameDialog = lazy(patient(() => import('./rename.tsx')));

export function ProfileTab() {
  const { t, language } = useText();
  const { me } = useDesk();
  const { prefs, choose } = usePrefs();
  const signOut = useSignOut();
  const mails = useQuery(ways).data?.mail;
  const [open, setOpen] = useState<'password' | 'address' | 'leave' | 'name' | null>(null);
  const close = () => setOpen(null);
  const mayCount = me.permissions.some((p) => p === 'conversation.read' || p === 'report.read');
  const themes: Theme[] = ['system', 'light', 'dark'];
  return (
    <>
      <Card>
        <Row
          className="border-0! py-3!"
          start={
            <Avatar
              name={me.member.name}
              seed={me.member.id}
              size="l"
              src={me.member.picture}
              locale={language}
            />
          }
          title={me.member.name}
          text={`${me.member.email} · ${t(`role.${me.member.role as 'owner'}`)}`}
          end={
            <Button icon="out" onClick={signOut}>
              {t('nav.sign_out')}
            </Button>
          }
        />
      </Card>
      <Card
        title={t('mine.name')}
        text={t('mine.rename_text')}
        action={
          <Button size="s" icon="pen" onClick={() => setOpen('name')}>
            {t('mine.rename')}
          </Button>
        }
      />
      {mails ? (
        <Card
          title={t('address.title')}
          text={me.member.email}
          action={
            <Button size="s" icon="pen" onClick={() => setOpen('address')}>
              {t('address.change')}
            </Button>
          }
        />
      ) : null}
      <Card
        title={t('password.title')}
        text={t('password.text')}
        action={
          <Button size="s" icon="key" onClick={() => setOpen('password')}>
            {t('password.change')}
          </Button>
        }
      />
      <Factors />
      <OutsideAccounts />
      <Devices />
      {mails ? (
        <Suspense>
          {mayCount ? <Digest /> : null}
          <Consents />
          <Letters />
        </Suspense>
      ) : null}
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
        title={t('leaving.card')}
        text={t('leaving.card_text')}
        action={
          <Button size="s" kind="danger" onClick={() => setOpen('leave')}>
            {t('leaving.do')}
          </Button>
        }
      />
      <Suspense>
        {open === 'leave' ? <LeaveDialog onClose={close} /> : null}
        {open === 'name' ? <RenameDialog onClose={close} /> : null}
        {open === 'password' ? <PasswordDialog onClose={close} /> : null}
        {open === 'address' ? <AddressDialog onClose={close} /> : null}
      </Suspense>
    </>
  );
}
