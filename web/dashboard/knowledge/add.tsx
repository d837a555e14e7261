import { key } from '@core/merge.ts';
import { useQueryClient } from '@tanstack/react-query';
import { Button, cn, Dialog, Icon, useToast } from '@ui';
import { type DragEvent, useEffect, useRef, useState } from 'react';
import { useText } from '../state/i18n.ts';
import { FileForm } from './addfile.tsx';
import { ProfileForm } from './addprofile.tsx';
import { WebForm } from './addweb.tsx';
import { FaqForm, TextForm } from './addwords.tsx';
import { accepted } from './files.ts';
import { type Way, wayIcons, ways } from './looks.ts';

/** Every way to bring knowledge in: first what it is, then the form for it. */
export default function AddDialog({ onClose }: { onClose: () => void }) {
  const { t } = useText();
  const [way, setWay] = useState<Way | null>(null);
  const [file, setFile] = useState<File | null>(null);
  const client = useQueryClient();
  const say = useToast();
  const done = async () => {
    onClose();
    say(t('add.added'));
    await client.invalidateQueries({ queryKey: key.sources });
  };
  const back = () => {
    setWay(null);
    setFile(null);
  };
  const form = { onDone: done, onCancel: onClose };
  return (
    <Dialog
      open
      onClose={onClose}
      title={way ? t(`add.way_title.${way}`) : t('knowledge.add')}
      closeLabel={t('app.close')}
      wide
    >
      {way ? (
        <div className="flex flex-col gap-4">
          <div className="-mt-1 flex flex-col items-start gap-2">
            <Button kind="ghost" size="s" icon="left" className="-ms-2" onClick={back}>
              {t('add.back')}
            </Button>
            <p className="text-ink-3">{t(`add.way_text.${way}`)}</p>
          </div>
          {way === 'file' || way === 'catalogue' ? <FileForm {...form} way={way} start={file} /> : null}
          {way === 'page' || way === 'site' ? <WebForm {...form} way={way} /> : null}
          {way === 'faq' ? <FaqForm {...form} /> : null}
          {way === 'profile' ? <ProfileForm {...form} /> : null}
          {way === 'text' ? <TextForm {...form} /> : null}
        </div>
      ) : (
        <Cards
          onPick={setWay}
          onFile={(f) => {
            setFile(f);
            setWay('file');
          }}
        />
      )}
    </Dialog>
  );
}

function Cards({ onPick, onFile }: { onPick: (w: Way) => void; onFile: (f: File) => void }) {
  const { t } = useText();
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const first = useRef<HTMLButtonElement>(null);
  useEffect(() => first.current?.focus(), []);
  const drop = (e: DragEvent) => {
    e.preventDefault();
    setOver(false);
    const [file] = e.dataTransfer.files;
    if (file) onFile(file);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is an extra; the first card opens the same by keyboard
    <div
      className="flex flex-col gap-2.5"
      onDragOver={(e) => {
        e.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <button
        ref={first}
        type="button"
        onClick={() => input.current?.click()}
        className={cn(
          'flex flex-col items-center gap-1 rounded-large border border-dashed px-4 py-6 text-center transition-colors duration-[120ms]',
          over ? 'border-brand bg-brand-soft' : 'border-line-2 bg-sunken hover:border-ink-3 hover:bg-hover',
        )}
      >
        <span className="mb-1 grid size-9 place-items-center rounded-large bg-brand-soft text-brand-ink">
          <Icon name="upload" size={18} />
        </span>
        <span className="font-semibold">{t('add.drop')}</span>
        <span className="text-meta text-ink-3">{t('add.drop_text')}</span>
      </button>
      <input
        ref={input}
        type="file"
        tabIndex={-1}
        aria-label={t('add.file_label')}
        accept={accepted}
        className="sr-only"
        onChange={(e) => {
          const [file] = e.target.files ?? [];
          if (file) onFile(file);
        }}
      />
      <ul className="grid gap-2.5 min-[560px]:grid-cols-2">
        {ways
          .filter((w) => w !== 'file')
          .map((w) => (
            <li key={w}>
              <button
                type="button"
                onClick={() => onPick(w)}
                className="flex h-full w-full items-start gap-3 rounded-large border border-line bg-surface p-3.5 text-start shadow-1 transition-colors duration-[120ms] hover:border-line-2 hover:bg-hover"
              >
                <span className="grid size-8 flex-none place-items-center rounded-medium bg-hover text-ink-2">
                  <Icon name={wayIcons[w]} />
                </span>
                <span className="min-w-0">
                  <span className="block font-semibold">{t(`add.way_title.${w}`)}</span>
                  <span className="block text-meta text-ink-3">{t(`add.way_short.${w}`)}</span>
                </span>
              </button>
            </li>
          ))}
      </ul>
    </div>
  );
}
