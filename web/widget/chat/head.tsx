/** @jsxImportSource preact */
import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon } from './icon.tsx';
import { fill, type Words } from './text.ts';
import type { Visit } from './visit.ts';

export type MenuItem = { label: string; lang?: string; run: () => void };

type Props = {
  visit: Visit;
  title: string;
  w: Words;
  menu: MenuItem[];
  onBack?: () => void;
  onClose?: () => void;
};

const initials = (name: string) =>
  name
    .split(/\s+/)
    .slice(0, 2)
    .map((part) => [...part][0] ?? '')
    .join('')
    .toLocaleUpperCase();

export function Head({ visit, title, w, menu, onBack, onClose }: Props) {
  const { kind, name } = visit.conversation.owner;
  const member = kind === 'member' && name !== '';
  const sub = visit.shut
    ? w.subShut
    : kind === 'member'
      ? fill(w.subMember, 'name', title)
      : kind === 'ai'
        ? w.subAi
        : w.subNobody;
  return (
    <header>
      {onBack ? (
        <button type="button" class="tool" aria-label={w.back} onClick={onBack}>
          <Icon name="back" turns />
        </button>
      ) : (
        <span class={member ? 'face member' : 'face'} aria-hidden="true">
          {member ? initials(name) : <Icon name="mark" />}
        </span>
      )}
      <div class="title">
        <h1 dir="auto">{onBack ? w.privacy : member ? name : title}</h1>
        <p dir="auto">{onBack ? title : sub}</p>
      </div>
      {!onBack && <Menu items={menu} label={w.menu} />}
      {onClose && (
        <button type="button" class="tool" aria-label={w.close} onClick={onClose}>
          <Icon name="x" />
        </button>
      )}
    </header>
  );
}

function Menu({ items, label }: { items: MenuItem[]; label: string }) {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!open) return;
    const away = (e: Event) => {
      if (!box.current?.contains(e.target as Node)) setOpen(false);
    };
    document.addEventListener('pointerdown', away);
    return () => document.removeEventListener('pointerdown', away);
  }, [open]);
  const key = (e: KeyboardEvent) => {
    if (e.key !== 'Escape' || !open) return;
    e.preventDefault();
    setOpen(false);
    button.current?.focus();
  };
  const leave = (e: FocusEvent) => {
    if (e.relatedTarget && !box.current?.contains(e.relatedTarget as Node)) setOpen(false);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape and leaving close what the button inside opened
    <div class="menu" ref={box} onKeyDown={key} onBlurCapture={leave}>
      <button
        type="button"
        class="tool"
        ref={button}
        aria-label={label}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <Icon name="more" />
      </button>
      {open && (
        <ul>
          {items.map((item) => (
            <li key={item.label}>
              <button
                type="button"
                class="item"
                lang={item.lang}
                onClick={() => {
                  setOpen(false);
                  button.current?.focus();
                  item.run();
                }}
              >
                {item.label}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
