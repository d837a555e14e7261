import { Card, Icon, type IconName } from '@ui';
import { useText } from '../state/i18n.ts';
import { useRuleText } from './changes.tsx';
import type { Editing } from './state.ts';

const can: { name: 'answer' | 'ask' | 'draft' | 'call'; icon: IconName }[] = [
  { name: 'answer', icon: 'send' },
  { name: 'ask', icon: 'chat' },
  { name: 'draft', icon: 'pen' },
  { name: 'call', icon: 'hand' },
];
const never = ['change', 'promise', 'ask_private', 'open', 'first', 'pretend'] as const;

/** All that it may do. There is nothing else it could be told to do. */
export default function Acts({ e }: { e: Editing }) {
  const { t } = useText();
  const rule = useRuleText(e.loaded);
  const alone = [
    ...e.loaded.channels
      .filter((c) => (e.mine.accounts[c.id] || e.mine.mode) === 'autopilot')
      .map((c) => c.name),
    ...e.mine.ai.rules.filter((r) => r.mode === 'autopilot').map((r) => `${rule(r).where}, ${rule(r).when}`),
  ];
  return (
    <>
      <Card title={t('agent.act.title')} text={t('agent.act.text')}>
        <ul>
          {can.map((a) => (
            <li
              key={a.name}
              className="grid grid-cols-[20px_minmax(0,1fr)] gap-3 border-t border-line px-[18px] py-3"
            >
              <Icon name={a.icon} className="mt-0.5 text-ai-ink" />
              <div>
                <b className="font-semibold">{t(`agent.act.${a.name}`)}</b>
                <p className="text-ink-3">{t(`agent.act.${a.name}_text`)}</p>
                {a.name === 'answer' ? (
                  <p className="mt-1 font-medium">
                    {alone.length
                      ? t('agent.act.alone', { where: alone.join('; ') })
                      : t('agent.act.nowhere')}
                  </p>
                ) : null}
              </div>
            </li>
          ))}
        </ul>
      </Card>
      <Card title={t('agent.act.never_title')} text={t('agent.act.never_text')}>
        <ul className="pb-2">
          {never.map((n) => (
            <li key={n} className="flex gap-3 px-[18px] py-1.5">
              <Icon name="x" className="mt-0.5 text-ink-3" />
              <span>{t(`agent.act.never_${n}`)}</span>
            </li>
          ))}
        </ul>
      </Card>
    </>
  );
}
