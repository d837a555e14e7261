import type { Channel } from '@core/types.ts';
import { Card, Segmented } from '@ui';
import { useState } from 'react';
import { useText } from '../state/i18n.ts';

/** The real chat frame, as a visitor would see it with what is saved now. */
export function Preview({ channel, version, dirty }: { channel: Channel; version: number; dirty: boolean }) {
  const { t, language } = useText();
  const [shown, setShown] = useState<'en' | 'tr'>(language);
  const src = `/w/${encodeURIComponent(channel.settings.key)}?l=${shown}`;
  return (
    <Card
      title={t('channel.preview')}
      text={dirty ? t('channel.preview_old') : t('channel.preview_text')}
      className="sticky top-4 overflow-hidden"
      action={
        <Segmented
          label={t('channel.texts_language')}
          value={shown}
          onChange={setShown}
          choices={[
            { value: 'en', label: 'EN' },
            { value: 'tr', label: 'TR' },
          ]}
        />
      }
    >
      <iframe
        key={`${version}-${shown}`}
        src={src}
        title={t('channel.preview')}
        referrerPolicy="same-origin"
        className="block h-[560px] w-full border-t border-line bg-canvas"
      />
    </Card>
  );
}
