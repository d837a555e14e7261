import { Button, Chip, Dialog, Field, Input } from '@ui';
import { useState } from 'react';
import { useText } from '../state/i18n.ts';

const longestLabel = 40;

export default function LabelDialog({
  labels,
  onClose,
  onSave,
}: {
  labels: string[];
  onClose: () => void;
  onSave: (labels: string[]) => void;
}) {
  const { t } = useText();
  const [now, setNow] = useState(labels);
  const [text, setText] = useState('');
  const add = () => {
    const label = text.trim().slice(0, longestLabel);
    if (label && !now.includes(label)) setNow([...now, label]);
    setText('');
    return label && !now.includes(label) ? [...now, label] : now;
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('label.title')}
      closeLabel={t('app.close')}
      actions={
        <>
          <Button kind="ghost" onClick={onClose}>
            {t('app.cancel')}
          </Button>
          <Button
            kind="primary"
            onClick={() => {
              onSave(add());
              onClose();
            }}
          >
            {t('app.save')}
          </Button>
        </>
      }
    >
      <form
        className="flex items-end gap-2"
        onSubmit={(e) => {
          e.preventDefault();
          add();
        }}
      >
        <Field label={t('label.new')} className="flex-1">
          <Input value={text} maxLength={longestLabel} onChange={(e) => setText(e.target.value)} />
        </Field>
        <Button type="submit" icon="plus">
          {t('label.add')}
        </Button>
      </form>
      <ul aria-label={t('label.title')} className="mt-4 flex flex-wrap gap-1.5">
        {now.map((l) => (
          <li key={l} className="flex items-center">
            <Chip icon="tag">{l}</Chip>
            <Button
              size="s"
              kind="ghost"
              icon="x"
              aria-label={t('label.remove', { label: l })}
              className="h-6! w-6! px-0!"
              onClick={() => setNow(now.filter((x) => x !== l))}
            />
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
