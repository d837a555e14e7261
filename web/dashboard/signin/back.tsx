import { session } from '@core/api.ts';
import { asProblem } from '@core/problem.ts';
import { tellProved } from '@core/proved.ts';
import type { Return } from '@core/return.ts';
import type { AskedStatement } from '@core/standing.ts';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useRouteContext } from '@tanstack/react-router';
import { Banner, Spinner } from '@ui';
import { useEffect, useRef, useState } from 'react';
import { problemText } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { type Choice, ChooseWorkspace } from './choose.tsx';
import { ToSignIn } from './forgot.tsx';
import { Outside } from './frame.tsx';
import { Join, type Joined } from './statements.tsx';

const known = [
  'outside_over',
  'outside_unknown',
  'outside_refused',
  'outside_taken',
  'outside_unreachable',
  'outside_unproved',
  'outside_stale',
  'outside_other',
];

type Asked = { asks: AskedStatement[]; name: string; workspace: string | undefined };

/** Where a provider sends the browser back: signs in, or links the account to whoever is in. */
export function Back() {
  const { t } = useText();
  const { back } = useRouteContext({ from: '/sign-in/$way' }) as { back: Return | null };
  const client = useQueryClient();
  const navigate = useNavigate();
  const [choices, setChoices] = useState<Choice[]>([]);
  const [asked, setAsked] = useState<Asked | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const [proved, setProved] = useState(false);
  const spent = useRef(false);
  const toSignIn = () => void navigate({ to: '/sign-in', search: {}, replace: true });
  const spend = async (r: Return, workspace?: string, joined?: Joined) => {
    setBusy(true);
    try {
      const { way, state, code, iss } = r;
      const { did } = await session.fromOutside({
        way,
        state,
        code,
        ...(iss ? { iss } : {}),
        ...(workspace ? { workspace_id: workspace } : {}),
        ...joined,
      });
      if (did === 'proved') {
        tellProved();
        return setProved(true);
      }
      client.clear();
      if (did === 'linked')
        await navigate({ to: '/settings/{-$tab}', params: { tab: 'profile' }, replace: true });
      else await navigate({ to: '/', replace: true });
    } catch (err) {
      const p = asProblem(err);
      if (p.code === 'choose_workspace') setChoices((p.body.workspaces ?? []) as Choice[]);
      else if (p.code === 'not_acknowledged') {
        setAsked({
          asks: (p.body.asks ?? []) as AskedStatement[],
          name: String(p.body.name ?? ''),
          workspace,
        });
      } else setProblem(err);
    } finally {
      setBusy(false);
    }
  };
  useEffect(() => {
    if (!back || back.refused || spent.current) return;
    spent.current = true; // an answer opens once
    void spend(back);
  });
  if (proved) return <Outside title={t('signin.proved')} text={t('signin.proved_text')} />;
  if (back && asked && !problem) {
    return (
      <Join
        name={asked.name}
        asks={asked.asks}
        busy={busy}
        onJoin={(joined) => void spend(back, asked.workspace, joined)}
      />
    );
  }
  if (back && choices.length && !problem) {
    return (
      <ChooseWorkspace
        text={t('signin.choose_several')}
        choices={choices}
        busy={busy}
        onChoose={(id) => void spend(back, id)}
        onBack={toSignIn}
      />
    );
  }
  if (back && !back.refused && !problem) {
    return (
      <Outside title={t('signin.coming')} text="">
        <Spinner label={t('signin.coming')} />
      </Outside>
    );
  }
  const code = back?.refused === 'denied' ? 'denied' : problem ? asProblem(problem).code : 'outside_over';
  const text =
    code === 'denied'
      ? t('signin.outside_denied')
      : known.includes(code)
        ? t(`signin.${code as 'outside_over'}`)
        : problemText(t, problem);
  return (
    <Outside title={t('signin.not_in')} text="">
      <Banner tone="warn" icon="alert" box role="alert">
        {text}
      </Banner>
      <ToSignIn />
    </Outside>
  );
}
