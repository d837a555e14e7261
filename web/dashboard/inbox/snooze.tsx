import { type SnoozeChoice, snoozeTimes } from '@core/snooze.ts';
import { Button, Dialog, Field, Input } from '@ui';
import { useState } from 'react';
import { useText } from '../state/i18n.ts';

const choices: SnoozeChoice[] = ['later', 'tomorrow', 'week'];

export default function SnoozeDialog({
  onClose,
  onPick,
}: {
  onClose: () => void;
  onPick: (until: Date, text: string) => void;
}) {
  const { t, format } = useText();
  const [own, setOwn] = useState('');
  const times = snoozeTimes(new Date());
  const pick = (at: Date) => {
    onClose();
    onPick(at, format.soon(at));
  };
  const ownTime = own ? new Date(own) : null;
  const past = ownTime !== null && ownTime.getTime() <= Date.now();
  return (
    <Dialog open onClose={onClose} title={t('snooze.title')} closeLabel={t('app.close')}>
      <div className="flex flex-col gap-1.5">
        {choices.map((c) => (
          <Button key={c} onClick={() => pick(times[c])} className="justify-between!" icon="clock">
            <span className="flex-1 text-start">{t(`snooze.${c}`)}</span>
            <span className="font-normal text-ink-3">{format.soon(times[c])}</span>
          </Button>
        ))}
      </div>
      <form
        className="mt-4 flex items-end gap-2"
        onSubmit={(e) => {
          e.preventDefault();
          if (ownTime && !past) pick(ownTime);
        }}
      >
        <Field label={t('snooze.own')} error={past ? t('snooze.past') : undefined} className="flex-1">
          <Input type="datetime-local" value={own} onChange={(e) => setOwn(e.target.value)} />
        </Field>
        <Button type="submit" kind="primary" disabled={!ownTime || past}>
          {t('snooze.set')}
        </Button>
      </form>
    </Dialog>
  );
}
