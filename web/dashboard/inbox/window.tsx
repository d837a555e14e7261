import { serverNow } from '@core/http.ts';
import type { Conversation } from '@core/types.ts';
import type { Window } from '@core/window.ts';
import { Icon } from '@ui';
import { useText } from '../state/i18n.ts';

/** Until when one may answer freely; in the foot of the composer. */
export function WindowEnd({ c, state }: { c: Conversation; state: Window }) {
  const { t, format } = useText();
  const end = new Date(c.window_until ?? '');
  const today = end.toDateString() === new Date(serverNow()).toDateString();
  if (state === 'closed' || state === 'person') return null;
  return (
    <span className={state === 'ending' ? 'inline-flex gap-1.5 text-warn' : 'inline-flex gap-1.5'}>
      <Icon name="clock" size={13} className="mt-0.5" />
      {t('window.until', { when: today ? format.time(end) : format.near(end) })}
    </span>
  );
}

/** Why one cannot write as always, and what is possible instead. */
export function WindowOver({ c, state }: { c: Conversation; state: Window }) {
  const { t, format } = useText();
  const person = state === 'person';
  return (
    <div className="mx-2.5 mt-2 flex gap-2 rounded-medium bg-warn-soft px-2.5 py-2 text-warn">
      <Icon name={person ? 'hand' : 'lock'} size={14} className="mt-[3px]" />
      <p>
        <b className="font-semibold">{t('window.over', { when: format.soon(c.window_until ?? '') })}</b>{' '}
        {person
          ? t('window.person', { when: format.soon(c.member_until ?? '') })
          : t(c.skills.templates ? 'window.template' : 'window.closed')}
      </p>
    </div>
  );
}
