import { Button } from '@ui';
import { useText } from '../state/i18n.ts';
import { Outside } from './frame.tsx';

export type Choice = { id: string; name: string };

/** One address, several workspaces: which one to enter. */
export function ChooseWorkspace({
  text,
  choices,
  busy,
  onChoose,
  onBack,
}: {
  text: string;
  choices: Choice[];
  busy: boolean;
  onChoose: (id: string) => void;
  onBack: () => void;
}) {
  const { t } = useText();
  return (
    <Outside title={t('signin.choose')} text={text}>
      <ul className="flex flex-col gap-2">
        {choices.map((w) => (
          <li key={w.id}>
            <Button className="h-11! w-full justify-start!" disabled={busy} onClick={() => onChoose(w.id)}>
              <span dir="auto" className="flex-1 truncate text-start">
                {w.name}
              </span>
            </Button>
          </li>
        ))}
      </ul>
      <Button kind="ghost" icon="left" className="mt-4" onClick={onBack}>
        {t('signin.back')}
      </Button>
    </Outside>
  );
}
