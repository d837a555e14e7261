import type { TextKey } from '@core/i18n/translate.ts';
import { Dialog, Kbd } from '@ui';
import { Fragment } from 'react';
import { useText } from '../state/i18n.ts';

type Line = [string[], TextKey];

const lines: { title: Line[1]; rows: Line[] }[] = [
  {
    title: 'keys.list',
    rows: [
      [['j', 'down'], 'keys.next'],
      [['k', 'up'], 'keys.previous'],
      [['enter', 'o'], 'keys.open'],
      [['x'], 'keys.select'],
      [['shift+j', 'shift+k'], 'keys.extend'],
      [['s'], 'keys.search'],
    ],
  },
  {
    title: 'keys.conversation',
    rows: [
      [['r'], 'keys.reply'],
      [['n'], 'keys.note'],
      [['m'], 'keys.saved'],
      [['mod+enter'], 'keys.send'],
      [['mod+shift+enter'], 'keys.send_close'],
      [['e'], 'keys.close'],
      [['z'], 'keys.undo'],
      [['u'], 'keys.unread'],
      [['h'], 'keys.snooze'],
      [['a'], 'keys.assign'],
      [['l'], 'keys.label'],
      [['t'], 'keys.take_over'],
      [['d'], 'keys.draft'],
      [['shift+d'], 'keys.discard'],
    ],
  },
  {
    title: 'keys.everywhere',
    rows: [
      [['mod+k'], 'nav.search'],
      [['g n'], 'view.needs_you'],
      [['g m'], 'view.mine'],
      [['g k'], 'nav.knowledge'],
      [['g a'], 'nav.agent'],
      [['g s'], 'nav.settings'],
      [['?'], 'keys.title'],
      [['esc'], 'keys.leave'],
    ],
  },
];

/** All shortcuts on one sheet. */
export default function ShortcutSheet({ onClose }: { onClose: () => void }) {
  const { t } = useText();
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('keys.title')}
      text={t('keys.text')}
      closeLabel={t('app.close')}
      wide
      reading
    >
      <div className="grid gap-x-10 gap-y-5 min-[640px]:grid-cols-2">
        {lines.map((part) => (
          <section key={part.title}>
            <h3 className="mb-1 text-meta font-semibold text-ink-3">{t(part.title)}</h3>
            <dl>
              {part.rows.map(([keys, label]) => (
                <div
                  key={label}
                  className="flex items-center justify-between gap-3 border-t border-line py-1.5"
                >
                  <dt>{t(label)}</dt>
                  <dd className="flex items-center gap-1">
                    {keys.map((k, i) => (
                      <Fragment key={k}>
                        {i > 0 ? <span className="text-ink-3">/</span> : null}
                        {k.split(' ').map((one) => (
                          <Kbd key={one} keys={one} className="phone:inline-grid!" />
                        ))}
                        <span className="sr-only">{k}</span>
                      </Fragment>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
