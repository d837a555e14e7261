import { factors } from '@core/factors.ts';
import { key } from '@core/merge.ts';
import type { Factor } from '@core/types.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Banner, Button, Card, Icon, patient, Row } from '@ui';
import { lazy, Suspense, useState } from 'react';
import { factorQuery } from '../proof/ways.ts';
import { Confirm } from '../shell/confirm.tsx';
import { Answered } from '../shell/page.tsx';
import { useNow } from '../state/box.ts';
import { useText } from '../state/i18n.ts';

const AddTotp = lazy(patient(() => import('./totp.tsx')));
const AddPasskey = lazy(patient(() => import('./passkey.tsx')));
const RenameFactor = lazy(patient(() => import('./renamefactor.tsx')));
const NewCodes = lazy(patient(() => import('./newcodes.tsx')));

type Open = 'totp' | 'passkey' | 'codes' | { rename: Factor } | { remove: Factor } | null;

/** What is asked for after the password: apps, passkeys, and codes for the worst day. */
export function Factors() {
  const { t } = useText();
  const client = useQueryClient();
  const query = useQuery(factorQuery);
  const [open, setOpen] = useState<Open>(null);
  const close = () => setOpen(null);
  const list = query.data?.items ?? [];
  const left = query.data?.recovery_left ?? 0;
  return (
    <Answered query={query}>
      <Card
        title={t('factor.title')}
        text={t('factor.text')}
        action={
          <>
            <Button size="s" icon="plus" onClick={() => setOpen('totp')}>
              {t('factor.add_totp')}
            </Button>
            <Button size="s" icon="key" onClick={() => setOpen('passkey')}>
              {t('factor.add_passkey')}
            </Button>
          </>
        }
      >
        {list.length === 0 ? (
          <Banner tone="warn" icon="alert" box className="mx-[18px] mb-[18px] items-start!">
            <p className="font-semibold">{t('factor.none')}</p>
            <p>{t('factor.none_text')}</p>
          </Banner>
        ) : null}
        <ul>
          {list.map((f) => (
            <FactorRow
              key={f.id}
              f={f}
              onRename={() => setOpen({ rename: f })}
              onRemove={() => setOpen({ remove: f })}
            />
          ))}
        </ul>
        {list.length ? (
          <Row
            start={<Icon name="file" className="text-ink-3" />}
            title={t('factor.recovery')}
            text={left ? t('factor.recovery_left', { count: left }) : t('factor.recovery_none')}
            end={
              <Button size="s" onClick={() => setOpen('codes')}>
                {t(left ? 'factor.recovery_make' : 'factor.recovery_first')}
              </Button>
            }
          />
        ) : null}
      </Card>
      <Suspense>
        {open === 'totp' ? <AddTotp onClose={close} /> : null}
        {open === 'passkey' ? <AddPasskey onClose={close} /> : null}
        {open === 'codes' ? <NewCodes had={left > 0} onClose={close} /> : null}
        {open && typeof open === 'object' && 'rename' in open ? (
          <RenameFactor factor={open.rename} onClose={close} />
        ) : null}
      </Suspense>
      {open && typeof open === 'object' && 'remove' in open ? (
        <Confirm
          title={t('factor.remove_named', { name: open.remove.name })}
          text={t('factor.remove_text')}
          action={t('factor.remove')}
          onClose={close}
          onRun={async () => {
            await factors.remove(open.remove.id);
            await client.invalidateQueries({ queryKey: key.factors });
          }}
        />
      ) : null}
    </Answered>
  );
}

function FactorRow({ f, onRename, onRemove }: { f: Factor; onRename: () => void; onRemove: () => void }) {
  const { t, format } = useText();
  const now = useNow();
  return (
    <li>
      <Row
        start={<Icon name={f.kind === 'passkey' ? 'key' : 'screen'} className="text-ink-3" />}
        title={<bdi>{f.name}</bdi>}
        text={[
          t(f.kind === 'passkey' ? 'factor.passkey' : 'factor.totp'),
          f.last_used_at
            ? t('factor.used', { when: format.agoInWords(f.last_used_at, now) })
            : t('factor.unused'),
        ].join(' · ')}
        end={
          <>
            <Button size="s" onClick={onRename} aria-label={t('factor.rename_named', { name: f.name })}>
              {t('factor.rename')}
            </Button>
            <Button
              size="s"
              kind="danger"
              onClick={onRemove}
              aria-label={t('factor.remove_named', { name: f.name })}
            >
              {t('factor.remove')}
            </Button>
          </>
        }
      />
    </li>
  );
}
