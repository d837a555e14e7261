/** @jsxImportSource preact */
import type { RefObject } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';
import { Icon } from './icon.tsx';
import type { Words } from './text.ts';

type Props = {
  field: RefObject<HTMLTextAreaElement>;
  limit: number;
  /** Nothing can be sent for now; what is written stays. */
  shut: boolean;
  w: Words;
  onSend: (text: string) => void;
  onTyped: () => void;
};

const counted = 200; // characters before the limit from which the rest is shown
const highest = 132;

export function Composer({ field, limit, shut, w, onSend, onTyped }: Props) {
  const [text, setText] = useState('');
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text is what changes the height
  useLayoutEffect(() => {
    const el = field.current;
    if (!el) return;
    el.style.height = 'auto';
    el.style.height = `${Math.min(el.scrollHeight + 2, highest)}px`;
  }, [text]);

  const left = limit - [...text].length;
  const send = () => {
    const said = text.trim();
    if (!said || left < 0 || shut) return;
    onSend(said);
    setText('');
    field.current?.focus();
  };
  const key = (e: KeyboardEvent) => {
    // 229: the key belongs to an input method that is composing, also where isComposing is false.
    if (e.key !== 'Enter' || e.shiftKey || e.isComposing || e.keyCode === 229) return;
    e.preventDefault();
    send();
  };
  return (
    <form
      class="composer"
      onSubmit={(e) => {
        e.preventDefault();
        send();
      }}
    >
      <label class="sr" for="write">
        {w.write}
      </label>
      <textarea
        id="write"
        ref={field}
        rows={1}
        dir="auto"
        enterkeyhint="send"
        placeholder={w.write}
        value={text}
        onInput={(e) => {
          setText(e.currentTarget.value);
          onTyped();
        }}
        onKeyDown={key}
        aria-invalid={left < 0}
        aria-describedby={left < counted ? 'left' : undefined}
      />
      {left < counted && (
        <span id="left" class={left < 0 ? 'left bad' : 'left'}>
          {left}
        </span>
      )}
      <button type="submit" class="send" aria-label={w.send} aria-disabled={!text.trim() || left < 0 || shut}>
        <Icon name="send" turns />
      </button>
    </form>
  );
}
