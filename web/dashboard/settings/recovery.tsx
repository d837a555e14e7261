import { Banner, Button, useToast } from '@ui';
import { useText } from '../state/i18n.ts';
import { saveAs } from './saveas.ts';

/** Codes for the day every other step is lost: to be copied or kept as a file, shown this once. */
export function Codes({ codes, email }: { codes: string[]; email: string }) {
  const { t } = useText();
  const say = useToast();
  const text = `${t('factor.recovery_file', { email })}\n\n${codes.join('\n')}\n`;
  const copy = () =>
    void navigator.clipboard.writeText(codes.join('\n')).then(
      () => say(t('app.copied')),
      () => say(t('app.copy_failed'), { bad: true }),
    );
  return (
    <div className="flex flex-col gap-3">
      <Banner tone="warn" icon="alert" box>
        {t('factor.recovery_once')}
      </Banner>
      <ol dir="ltr" className="flex flex-col gap-y-1.5 rounded-medium bg-sunken px-4 py-3">
        {codes.map((c) => (
          <li key={c} className="font-mono select-all">
            {c}
          </li>
        ))}
      </ol>
      <div className="flex flex-wrap gap-2">
        <Button size="s" icon="copy" onClick={copy}>
          {t('app.copy')}
        </Button>
        <Button
          size="s"
          icon="load"
          onClick={() => saveAs('parley-recovery-codes.txt', new Blob([text], { type: 'text/plain' }))}
        >
          {t('factor.recovery_save')}
        </Button>
      </div>
    </div>
  );
}
