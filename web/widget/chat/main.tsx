/** @jsxImportSource preact */
import { render } from 'preact';
import { defaultColour, shades } from '../colour.ts';
import { isColour } from '../paint.ts';
import { App } from './app.tsx';
import { caller } from './call.ts';
import { meet } from './host.ts';
import './style.css';
import './thread.css';
import { browser } from './parts.ts';
import { localeOf } from './text.ts';
import { Visit } from './visit.ts';
import type { Boot } from './wire.ts';

const boot = JSON.parse(document.getElementById('boot')?.textContent ?? '{}') as Boot;
const root = document.getElementById('chat') as HTMLElement;
const night = matchMedia('(prefers-color-scheme: dark)');
let locale = localeOf(boot.locale);

function paint(): void {
  // The default colour's shades are drawn by hand, in style.css.
  if (!isColour(boot.brand_colour) || boot.brand_colour.toLowerCase() === defaultColour) return;
  for (const [name, value] of Object.entries(shades(boot.brand_colour, night.matches))) {
    document.documentElement.style.setProperty(name, value);
  }
}

paint();
night.addEventListener('change', paint);
document.documentElement.lang = locale;

let visit: Visit | undefined;

meet(
  boot,
  locale,
  (start, host) => {
    let due = false;
    const show = () => {
      due = false;
      document.documentElement.lang = locale;
      document.title = boot.name;
      if (!visit) return;
      const close = host.framed ? () => host.tell({ t: 'close' }) : undefined;
      const speak = (l: typeof locale) => {
        locale = l;
        host.tell({ t: 'locale', locale });
        show();
      };
      render(<App visit={visit} boot={boot} locale={locale} onLocale={speak} onClose={close} />, root);
    };
    // Several changes in one turn are drawn once.
    const changed = () => {
      if (!due) queueMicrotask(show);
      due = true;
    };
    visit = new Visit(start, {
      ...browser,
      boot,
      call: caller(boot.key),
      host,
      locale: () => locale,
      changed,
    });
    show();
    void visit.begin();
  },
  (down) => visit?.down(down),
);

addEventListener('online', () => visit?.nudge());
document.addEventListener('visibilitychange', () => visit?.shown(document.visibilityState === 'visible'));
