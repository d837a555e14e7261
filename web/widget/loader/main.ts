import type { Consent, Down, Mode, Page, Ready, Start, Up } from '../wire.ts';
import { modes } from '../wire.ts';
import { keeper } from './keep.ts';
import { languageOf } from './text.ts';
import { declines, followTool } from './tool.ts';
import { draw } from './view.ts';

// The loader: draws the launcher and, on the first click, the frame. Before
// that click it fetches nothing, and it stores nothing before consent.

type Api = { (...call: unknown[]): void; q?: ArrayLike<unknown>[]; here?: true };
type Heard = (value?: unknown) => void;

const script =
  (document.currentScript as HTMLScriptElement | null) ??
  document.querySelector<HTMLScriptElement>('script[data-key][src*="/widget.js"]');
const site = window as unknown as { parley?: Api };

/** The frame's page has fetched its scripts when its load event fires; a blocked one never speaks. */
const silentAfterLoad = 2500;
/** A slow one is said to be slow, and shown all the same once it speaks. */
const silentAtAll = 8000;

function run(key: string, from: string, data: DOMStringMap, nonce: string): Api {
  const keep = keeper(key);
  const heard: Record<string, Heard[]> = {};
  const emit = (name: string, value?: unknown) => heard[name]?.forEach((fn) => void fn(value));

  const stated = modes.includes(data.consent ?? '') ? (data.consent as Mode) : undefined;
  let mode: Mode | undefined;
  let consent: Consent = 'unknown';
  let token = '';
  let toolSeen = () => false;
  let frame: HTMLIFrameElement | undefined;
  let port: MessagePort | undefined;
  let isOpen = false;
  let renewed = false;
  let watch = 0;

  const view = draw(nonce, { press: () => (isOpen ? close() : open()), close, again: load });

  const tell = (m: Down) => port?.postMessage(m);
  const page = (): Page =>
    consent === 'granted'
      ? { url: location.origin + location.pathname + location.search, referrer: document.referrer }
      : { url: '', referrer: '' };

  function agree(next: Consent) {
    if (next === consent) return;
    consent = next;
    if (next === 'granted') {
      // The chat decides between a kept visit and the one just begun, and names the token that stays.
      const kept = keep.read();
      if (kept) token = kept;
      else if (token) keep.write(token);
    } else {
      keep.remove();
    }
    tell({ t: 'consent', consent, token, page: page() });
    emit('consent', consent);
  }

  /** What a mode means before anybody said anything. */
  function begin(next: Mode) {
    mode = next;
    if (mode === 'auto') toolSeen = followTool((yes) => agree(yes ? 'granted' : 'refused'));
    // Only a yes puts the entry there and any later no removes it, so an entry is a yes.
    else if (mode === 'granted' ? !declines() : keep.read()) agree('granted');
  }

  function load() {
    view.failed(false);
    drop();
    frame = document.createElement('iframe');
    frame.referrerPolicy = 'origin';
    frame.allow = '';
    const hint = data.lang ? `?l=${encodeURIComponent(data.lang)}` : '';
    frame.src = `${from}/w/${encodeURIComponent(key)}${hint}`;
    const silent = () => {
      view.failed(true);
      emit('error');
    };
    frame.onload = () => {
      clearTimeout(watch);
      if (port) return;
      watch = window.setTimeout(() => {
        drop();
        silent();
      }, silentAfterLoad);
    };
    watch = window.setTimeout(silent, silentAtAll);
    view.hold(frame);
  }

  function drop() {
    clearTimeout(watch);
    port?.close();
    frame?.remove();
    port = frame = undefined;
    view.panel.classList.remove('r');
  }

  /** The frame speaks first: a message to a frame that was blocked would be an error in the page's console. */
  addEventListener('message', (e) => {
    const ready = e.data as Ready;
    if (!frame || e.origin !== from || e.source !== frame.contentWindow || ready?.parley !== 'ready') return;
    clearTimeout(watch);
    port?.close();
    view.failed(false);
    if (!stated && mode !== ready.consent && consent === 'unknown') begin(ready.consent);
    view.speak(languageOf(ready.locale));
    view.paint(ready.colour);
    view.place((data.position ?? ready.position) === 'start');
    const pipe = new MessageChannel();
    port = pipe.port1;
    port.onmessage = (m) => listen(m.data as Up);
    const ask = consent === 'unknown' && (mode === 'ask' || (mode === 'auto' && !toolSeen()));
    const start: Start = { parley: 'start', consent, ask, open: isOpen, token, page: page() };
    frame.contentWindow?.postMessage(start, from, [pipe.port2]);
    view.panel.classList.add('r');
    emit('ready');
    if (isOpen) frame.focus();
  });

  function listen(m: Up) {
    if (m.t === 'close') close();
    else if (m.t === 'consent') agree(m.consent);
    else if (m.t === 'locale') view.speak(languageOf(m.locale));
    else if (m.t === 'over' && (m.asked || !renewed)) {
      // A fresh page has a fresh boot token; twice in a row would help nobody.
      renewed = true;
      load();
    } else if (m.t === 'unread') {
      view.unread(m.count);
      emit('unread', m.count);
    } else if (m.t === 'token') {
      token = m.token;
      renewed = false;
      if (consent === 'granted') keep.write(token);
    }
  }

  function open() {
    if (isOpen) return;
    isOpen = true;
    view.host.hidden = false;
    if (!frame) load();
    view.opened(true);
    tell({ t: 'open' });
    if (port) frame?.focus();
    emit('open');
  }

  function close() {
    if (!isOpen) return;
    const mine = view.focused();
    isOpen = false;
    view.opened(false);
    tell({ t: 'close' });
    if (mine) view.focus();
    emit('close');
  }

  /** Forgets this visitor, for a shared device or a sign-out. */
  function reset() {
    close();
    drop();
    keep.remove();
    token = '';
    consent = 'unknown';
    view.unread(0);
    if (mode) begin(mode);
  }

  const calls: Record<string, (...args: never[]) => void> = {
    open,
    close,
    reset,
    hide() {
      close();
      view.host.hidden = true;
    },
    show() {
      view.host.hidden = false;
    },
    consent(value: boolean | { storage?: boolean }) {
      const yes = typeof value === 'object' ? value?.storage : value;
      if (typeof yes === 'boolean') agree(yes ? 'granted' : 'refused');
    },
    on(name: string, fn: Heard) {
      heard[name] = [...(heard[name] ?? []), fn];
    },
  };

  view.speak(languageOf(data.lang || document.documentElement.lang || navigator.language));
  view.paint(data.colour);
  view.place(data.position === 'start');
  document.body.append(view.host);
  if (stated) begin(stated);

  const api: Api = (...call) => {
    const [name, ...args] = call as [string, ...never[]];
    calls[name]?.(...args);
    wake();
  };
  api.here = true;

  /** A kept conversation may have news: its chat is loaded, closed, once the page is done. */
  function wake() {
    if (!frame && (consent === 'granted' ? token : !stated && keep.read()))
      (window.requestIdleCallback ?? setTimeout)(() => frame || load());
  }
  wake();
  return api;
}

function start() {
  const key = script?.dataset.key;
  if (!script || !key || site.parley?.here) return;
  const waiting = site.parley?.q ?? [];
  const api = run(key, new URL(script.src).origin, script.dataset, script.nonce);
  site.parley = api;
  for (let i = 0; i < waiting.length; i++) api(...Array.from(waiting[i] as ArrayLike<unknown>));
}

if (document.body) start();
else addEventListener('DOMContentLoaded', start);
