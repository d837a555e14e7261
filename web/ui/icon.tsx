import { cn } from './cn.ts';

/** Outlines on a 24 × 24 grid; all icons are drawn with one stroke. */
const outlines = {
  inbox: 'M4 13h4l1.5 2.5h5L16 13h4M4 13l2.4-7h11.2L20 13v5.5H4z',
  spark: 'M12 4l1.7 5.1L19 11l-5.3 1.9L12 18l-1.7-5.1L5 11l5.3-1.9zM18.5 4v3M20 5.5h-3',
  user: 'M12 12a3.5 3.5 0 100-7 3.5 3.5 0 000 7zM5 20c.8-3.6 3.6-5 7-5s6.2 1.4 7 5',
  users:
    'M9 11.5a3 3 0 100-6 3 3 0 000 6zM3.5 19c.6-3.2 2.8-4.5 5.5-4.5s4.9 1.3 5.5 4.5M15.5 6a2.8 2.8 0 010 5.3M17 14.8c2 .4 3.2 1.7 3.6 4.2',
  book: 'M5 5.5A1.5 1.5 0 016.5 4H19v13H6.5A1.5 1.5 0 005 18.5zM5 18.5A1.5 1.5 0 006.5 20H19v-3M9 8h6',
  plug: 'M9 4v4M15 4v4M7 8h10v3a5 5 0 01-10 0zM12 16v4',
  gear: 'M12 15a3 3 0 100-6 3 3 0 000 6zM12 4v2M12 18v2M4 12h2M18 12h2M6.3 6.3l1.4 1.4M16.3 16.3l1.4 1.4M17.7 6.3l-1.4 1.4M7.7 16.3l-1.4 1.4',
  search: 'M11 17a6 6 0 100-12 6 6 0 000 12zM15.5 15.5L20 20',
  clock: 'M12 20a8 8 0 100-16 8 8 0 000 16zM12 8v4.3l2.8 1.7',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  x: 'M6 6l12 12M18 6L6 18',
  send: 'M4.5 12L20 5l-5 15-3.3-6.3zM11.7 13.7L20 5',
  globe:
    'M12 20a8 8 0 100-16 8 8 0 000 16zM4 12h16M12 4c2.6 2.4 3.5 5 3.5 8s-.9 5.6-3.5 8c-2.6-2.4-3.5-5-3.5-8s.9-5.6 3.5-8z',
  chat: 'M4 5h16v11H10l-5 4v-4H4z',
  down: 'M7 10l5 5 5-5',
  right: 'M10 7l5 5-5 5',
  shield: 'M12 4l7 2.5V12c0 4-3 6.8-7 8-4-1.2-7-4-7-8V6.5zM9 12l2.2 2.2L15.2 10',
  pause: 'M9 6v12M15 6v12',
  hand: 'M8 12V6.5a1.3 1.3 0 012.6 0V11M10.6 11V5.3a1.3 1.3 0 012.6 0V11M13.2 11V6.5a1.3 1.3 0 012.6 0V13c0 4-1.8 6.5-5 6.5-2.4 0-3.6-1-5-3.5l-1.7-3a1.3 1.3 0 012.2-1.3L8 13.5',
  more: 'M5.2 12a.8.8 0 101.6 0 .8.8 0 10-1.6 0M11.2 12a.8.8 0 101.6 0 .8.8 0 10-1.6 0M17.2 12a.8.8 0 101.6 0 .8.8 0 10-1.6 0',
  refresh: 'M19 12a7 7 0 11-2-4.9M19 4v3.5h-3.5',
  pen: 'M5 19l1-4L16.5 4.5l3 3L9 18zM14.5 6.5l3 3',
  note: 'M5 4h14v11l-5 5H5zM19 15h-5v5M8.5 9h7M8.5 12.5h4',
  play: 'M8 5.5l10 6.5-10 6.5z',
  tag: 'M4 12.5V5h7.5L20 13.5 13.5 20zM8 8.5h.01',
  bolt: 'M13 4L6 13.5h5L10 20l8-10h-5.5z',
  filter: 'M4 7h16M7 12h10M10 17h4',
  lock: 'M6.5 11h11v8h-11zM9 11V8.5a3 3 0 016 0V11',
  arrow: 'M5 12h14M13 6l6 6-6 6',
  eye: 'M3.5 12S6.5 6.5 12 6.5 20.5 12 20.5 12 17.5 17.5 12 17.5 3.5 12 3.5 12zM12 14a2 2 0 100-4 2 2 0 000 4z',
  moon: 'M19 14.5A7.5 7.5 0 119.5 5a6 6 0 009.5 9.5z',
  mark: 'M5 6.5h14v8.5h-7.5L7 19v-4H5zM9 10.7h6',
  camera:
    'M6 5h12a2 2 0 012 2v10a2 2 0 01-2 2H6a2 2 0 01-2-2V7a2 2 0 012-2zM12 15.5a3.5 3.5 0 100-7 3.5 3.5 0 000 7zM16.5 8h.5',
  page: 'M4 5h16v11H10l-5 4v-4H4zM8 9h8M8 12h5',
  wa: 'M5 19l1.2-3.6A7.5 7.5 0 1112 19.5a7.5 7.5 0 01-3.5-.9zM9.5 9.5c0 2.8 2.2 5 5 5',
  left: 'M14 7l-5 5 5 5',
  plus: 'M12 5v14M5 12h14',
  sun: 'M12 16a4 4 0 100-8 4 4 0 000 8zM12 3.5v2M12 18.5v2M3.5 12h2M18.5 12h2M6 6l1.4 1.4M16.6 16.6L18 18M18 6l-1.4 1.4M7.4 16.6L6 18',
  screen: 'M4 5h16v11H4zM9 20h6M12 16v4',
  alert: 'M12 4.5l8.5 15h-17zM12 10v4M12 16.8h.01',
  info: 'M12 20a8 8 0 100-16 8 8 0 000 16zM12 11v5M12 8h.01',
  copy: 'M9 9h10v10H9zM15 9V5H5v10h4',
  trash: 'M5 7h14M9.5 7V4.5h5V7M7 7l.8 12.5h8.4L17 7M10.2 10.5v6M13.8 10.5v6',
  key: 'M8.5 15.5a4 4 0 113.8-5.2H20v3h-2v2.5h-3v-2.5h-2.7a4 4 0 01-3.8 2.2zM8 11.5h.01',
  upload: 'M12 16V5M7.5 9.5L12 5l4.5 4.5M5 19h14',
  bag: 'M6 8.5h12l1 11.5H5zM9 8.5V7a3 3 0 016 0v1.5',
  load: 'M12 5v10.5M7.5 11L12 15.5l4.5-4.5M5 19h14',
  out: 'M14 5h5v14h-5M4.5 12H14M11 8.5l3.5 3.5-3.5 3.5',
  link: 'M10 14a3.6 3.6 0 005 0l3-3a3.6 3.6 0 00-5-5l-1 1M14 10a3.6 3.6 0 00-5 0l-3 3a3.6 3.6 0 005 5l1-1',
  away: 'M8 16l8-8M9.5 8H16v6.5',
  undo: 'M5 9h9a5 5 0 010 10h-4M5 9l4-4M5 9l4 4',
  double: 'M2.5 12.5L7 17l8-9M11.5 16.5l.5.5 9-9.5',
  keyboard: 'M3.5 7h17v10h-17zM7 10.5h.01M10.3 10.5h.01M13.7 10.5h.01M17 10.5h.01M8 14h8',
  clip: 'M18.5 11.5l-6.6 6.6a4.2 4.2 0 01-6-6l7.4-7.3a2.8 2.8 0 014 4l-7.3 7.2a1.4 1.4 0 01-2-2l6.4-6.3',
  file: 'M6 4h8l4 4v12H6zM14 4v4h4M9 12.5h6M9 16h4',
  panel: 'M4 5h16v14H4zM14.5 5v14',
} as const;

export type IconName = keyof typeof outlines;

/** They point along the line, so they turn with it. */
const turning: IconName[] = ['send', 'out', 'away', 'undo'];

/** A picture beside words: hidden from assistive tools, which read the words. */
export function Icon({ name, size = 16, className }: { name: IconName; size?: number; className?: string }) {
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 24 24"
      width={size}
      height={size}
      fill="none"
      stroke="currentColor"
      strokeWidth={size <= 12 ? 2 : 1.6}
      strokeLinecap="round"
      strokeLinejoin="round"
      className={cn('flex-none', turning.includes(name) && 'rtl:-scale-x-100', className)}
    >
      <path d={outlines[name]} />
    </svg>
  );
}
