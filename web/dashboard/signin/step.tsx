import { session } from '@core/api.ts';
import { proofs } from '@core/factors.ts';
import { key } from '@core/merge.ts';
import type { Me, Schemas } from '@core/types.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Navigate, useNavigate, useSearch } from '@tanstack/react-router';
import { Banner, Button, Icon, type IconName, Spinner } from '@ui';
import { useState } from 'react';
import { ProofForm } from '../proof/form.tsx';
import { factorQuery, waysOf } from '../proof/ways.ts';
import { PasskeyForm } from '../settings/passkey.tsx';
import { Codes } from '../settings/recovery.tsx';
import { TotpForm } from '../settings/totp.tsx';
import { Answered } from '../shell/page.tsx';
import { useText } from '../state/i18n.ts';
import { q } from '../state/queries.ts';
import { Outside } from './frame.tsx';

/** What a sign-in still owes: a second factor, or adding one. */
export function Step() {
  const { t } = useText();
  const { to } = useSearch({ from: '/second-step' });
  const { data: me, error } = useQuery(q.me());
  const [adding, setAdding] = useState(false);
  if (error) return <Navigate to="/sign-in" search={to ? { to } : {}} replace />;
  if (!me) {
    return (
      <Outside title={t('factor.step_title')} text="">
        <Spinner label={t('app.loading')} />
      </Outside>
    );
  }
  // Adding one ends with codes to keep, when nothing is owed any more.
  if (me.step === 'enrol' || adding) return <Enrol me={me} onBegin={() => setAdding(true)} />;
  if (me.step === 'factor') return <Second me={me} />;
  return <Navigate to={to ?? '/'} replace />;
}

function useLeaving() {
  const client = useQueryClient();
  const navigate = useNavigate();
  const { to } = useSearch({ from: '/second-step' });
  return {
    /** Goes where one wanted to, with what one may do now. */
    enter: async (me: Me) => {
      client.clear();
      client.setQueryData<Me>(key.me, me);
      await navigate({ to: to ?? '/', replace: true });
    },
    out: () =>
      void session.signOut().finally(() => {
        client.clear();
        void navigate({ to: '/sign-in', search: {}, replace: true });
      }),
  };
}

function Second({ me }: { me: Me }) {
  const { t } = useText();
  const { enter, out } = useLeaving();
  const has = useQuery(factorQuery);
  return (
    <Outside title={t('factor.step_title')} text={t('factor.step_text')}>
      <Answered query={has}>
        {has.data ? (
          <ProofForm
            ways={[...waysOf(has.data), ...(has.data.recovery_left ? (['recovery'] as const) : [])]}
            email={me.member.email}
            leave={t('factor.out')}
            onLeave={out}
            onShow={async (shown) => enter(await proofs.step(shown))}
          />
        ) : null}
      </Answered>
    </Outside>
  );
}

type Added = Schemas['AddedFactor'];
type Kind = 'passkey' | 'totp';
const kinds: [Kind, IconName][] = [
  ['passkey', 'key'],
  ['totp', 'screen'],
];

function Enrol({ me, onBegin }: { me: Me; onBegin: () => void }) {
  const { t } = useText();
  const { enter, out } = useLeaving();
  const [kind, setKind] = useState<Kind | null>(null);
  const [made, setMade] = useState<Added | null>(null);
  const added = (a: Added) => {
    if (a.recovery_codes.length) setMade(a);
    else void enter(a.me);
  };
  if (made) {
    return (
      <Outside title={t('factor.recovery_made')} text={t('factor.recovery_text')}>
        <Codes codes={made.recovery_codes} email={me.member.email} />
        <Button kind="primary" className="mt-5 h-10! w-full" onClick={() => void enter(made.me)}>
          {t('factor.enrol_done')}
        </Button>
      </Outside>
    );
  }
  if (kind) {
    const back = () => setKind(null);
    return (
      <Outside title={t(`factor.add_${kind}`)} text={t(`factor.${kind}_way`)}>
        {kind === 'totp' ? (
          <TotpForm onAdded={added} onLeave={back} />
        ) : (
          <PasskeyForm onAdded={added} onLeave={back} />
        )}
      </Outside>
    );
  }
  return (
    <Outside title={t('factor.enrol_title')} text={t('factor.enrol_text')}>
      <ul className="flex flex-col gap-2">
        {kinds.map(([k, icon]) => (
          <li key={k}>
            <button
              type="button"
              onClick={() => {
                onBegin();
                setKind(k);
              }}
              className="flex w-full items-start gap-3 rounded-medium border border-line bg-surface px-3.5 py-3 text-start shadow-1 hover:bg-hover"
            >
              <Icon name={icon} size={20} className="mt-0.5 text-ink-3" />
              <span>
                <span className="block font-medium">{t(`factor.${k}`)}</span>
                <span className="block text-ink-3">{t(`factor.${k}_way`)}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
      <Banner tone="info" icon="info" box className="mt-4">
        {t('factor.text')}
      </Banner>
      <Button kind="ghost" className="mt-4" onClick={out}>
        {t('factor.out')}
      </Button>
    </Outside>
  );
}
