import type { Skills } from '@core/types.ts';
import { IconButton } from '@ui';
import { type DragEvent, useRef, useState } from 'react';
import { useText } from '../state/i18n.ts';

const holdsFiles = (e: DragEvent) => e.dataTransfer.types.includes('Files');

/** Takes files that are dropped on a part of the page. */
export function useDrop(on: boolean, onFiles: (files: Iterable<File>) => void) {
  // Every part inside tells of entering and leaving: they are counted.
  const depth = useRef(0);
  const [over, setOver] = useState(false);
  const enter = (by: number) => (e: DragEvent) => {
    if (!on || !holdsFiles(e)) return;
    depth.current = Math.max(0, depth.current + by);
    setOver(depth.current > 0);
  };
  return {
    over: over && on,
    on: {
      onDragEnter: enter(1),
      onDragLeave: enter(-1),
      onDragOver: (e: DragEvent) => {
        if (on && holdsFiles(e)) e.preventDefault();
      },
      onDrop: (e: DragEvent) => {
        depth.current = 0;
        setOver(false);
        if (!on || !holdsFiles(e)) return;
        e.preventDefault();
        onFiles(e.dataTransfer.files);
      },
    },
  };
}

/** Opens the list of files of this device. */
export function AttachButton({
  takes,
  onFiles,
}: {
  takes: Skills['files'];
  onFiles: (files: Iterable<File>) => void;
}) {
  const { t } = useText();
  const input = useRef<HTMLInputElement>(null);
  const every = takes.some((r) => r.types.length === 0);
  return (
    <>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        tabIndex={-1}
        accept={every ? undefined : takes.flatMap((r) => r.types).join(',')}
        onChange={(e) => {
          onFiles(e.target.files ?? []);
          e.target.value = ''; // the same file may be chosen again
        }}
      />
      <IconButton icon="clip" size="s" label={t('composer.attach')} onClick={() => input.current?.click()} />
    </>
  );
}
