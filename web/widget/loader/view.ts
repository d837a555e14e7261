import { isColour, textOn } from '../paint.ts';
import { css } from './style.ts';
import { type Language, texts } from './text.ts';

const chatIcon = 'M5 6.5h14v8.5h-7.5L7 19v-4H5zM9 10.7h6';
const closeIcon = 'M6 6l12 12M18 6L6 18';

function add<K extends keyof HTMLElementTagNameMap>(
  parent: Node,
  tag: K,
  name = '',
): HTMLElementTagNameMap[K] {
  const el = document.createElement(tag);
  el.className = name;
  parent.appendChild(el);
  return el;
}

function icon(parent: Node): SVGPathElement {
  const ns = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(ns, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(ns, 'path');
  svg.appendChild(path);
  parent.appendChild(svg);
  return path;
}

function dress(root: ShadowRoot, nonce: string): void {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [sheet];
  } catch {
    // Browsers before 2023: a style element, which the page's nonce lets through.
    const style = add(root, 'style');
    style.nonce = nonce;
    style.textContent = css;
  }
}

/** The launcher and the panel, in an open shadow root so that tools and tests can reach the button. */
export function draw(nonce: string, on: { press: () => void; close: () => void; again: () => void }) {
  const host = document.createElement('parley-chat');
  const root = host.attachShadow({ mode: 'open' });
  dress(root, nonce);
  const button = add(root, 'button', 'l');
  button.type = 'button';
  const path = icon(button);
  const badge = add(button, 'span', 'n');
  badge.setAttribute('aria-hidden', 'true');
  const news = add(root, 'span', 'v');
  news.setAttribute('role', 'status');
  const panel = add(root, 'div', 'p');
  panel.setAttribute('role', 'dialog');
  const fail = add(panel, 'div', 'f');
  fail.setAttribute('role', 'alert');

  let words = texts.en;
  let count = 0;
  let opened = false;
  const label = () => {
    path.setAttribute('d', opened ? closeIcon : chatIcon);
    badge.hidden = opened || !count;
    badge.textContent = count > 99 ? '99+' : `${count}`;
    const unread = `${count} ${words.unread}`;
    button.setAttribute('aria-expanded', `${opened}`);
    button.setAttribute('aria-label', opened ? words.close : count ? `${words.open}, ${unread}` : words.open);
    news.textContent = opened || !count ? '' : unread;
    panel.setAttribute('aria-label', words.chat);
    const frame = panel.querySelector('iframe');
    if (frame) frame.title = words.chat;
  };
  button.onclick = on.press;
  root.addEventListener('keydown', (e) => {
    if ((e as KeyboardEvent).key === 'Escape' && opened) on.close();
  });
  fail.hidden = true;
  label();

  return {
    host,
    panel,
    hold(frame: HTMLIFrameElement) {
      panel.append(frame);
      label();
    },
    focus: () => button.focus(),
    focused: () => document.activeElement === host,
    speak(language: Language) {
      words = texts[language];
      host.lang = language;
      label();
    },
    unread(n: number) {
      count = n;
      label();
    },
    opened(now: boolean) {
      opened = now;
      panel.classList.toggle('on', now);
      label();
    },
    place(start: boolean) {
      host.classList.toggle('start', start);
    },
    paint(colour: string | undefined) {
      if (!isColour(colour)) return;
      host.style.setProperty('--c', colour);
      host.style.setProperty('--o', textOn(colour));
    },
    failed(now: boolean) {
      fail.hidden = !now;
      fail.replaceChildren();
      if (!now) return;
      add(fail, 'span').textContent = words.failed;
      const again = add(fail, 'button');
      again.textContent = words.again;
      again.onclick = on.again;
      const close = add(fail, 'button');
      close.textContent = words.close;
      close.onclick = on.close;
    },
  };
}
