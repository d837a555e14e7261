/** @jsxImportSource preact */

const paths = {
  mark: 'M5 6.5h14v8.5h-7.5L7 19v-4H5zM9 10.7h6',
  x: 'M6 6l12 12M18 6L6 18',
  more: 'M5.2 12a.8.8 0 101.6 0 .8.8 0 10-1.6 0M11.2 12a.8.8 0 101.6 0 .8.8 0 10-1.6 0M17.2 12a.8.8 0 101.6 0 .8.8 0 10-1.6 0',
  spark: 'M12 4l1.7 5.1L19 11l-5.3 1.9L12 18l-1.7-5.1L5 11l5.3-1.9zM18.5 4v3M20 5.5h-3',
  user: 'M12 12a3.5 3.5 0 100-7 3.5 3.5 0 000 7zM5 20c.8-3.6 3.6-5 7-5s6.2 1.4 7 5',
  book: 'M5 5.5A1.5 1.5 0 016.5 4H19v13H6.5A1.5 1.5 0 005 18.5zM5 18.5A1.5 1.5 0 006.5 20H19v-3M9 8h6',
  send: 'M4.5 12L20 5l-5 15-3.3-6.3zM11.7 13.7L20 5',
  back: 'M19 12H5M11 6l-6 6 6 6',
  down: 'M7 10l5 5 5-5',
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name, turns }: { name: IconName; turns?: boolean }) {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true" class={turns ? 'turns' : undefined}>
      <path d={paths[name]} />
    </svg>
  );
}
