import { defaultColour } from '../colour.ts';
import type { Consent, Down, Page, Ready, Start, Up } from '../wire.ts';
import type { Boot } from './wire.ts';

const longestToken = 4096;
const longestUrl = 4096;

/** The chat without a page around it that answers: the preview in the dashboard. */
const alone: Start = {
  parley: 'start',
  consent: 'unknown',
  ask: false,
  open: true,
  token: '',
  page: { url: '', referrer: '' },
};
const patience = 1500;

const text = (v: unknown, most: number) => (typeof v === 'string' && v.length <= most ? v : '');
const consentOf = (v: unknown): Consent => (v === 'granted' || v === 'refused' ? v : 'unknown');

export function pageOf(v: unknown): Page {
  const p = (v ?? {}) as Partial<Page>;
  return { url: text(p.url, longestUrl), referrer: text(p.referrer, longestUrl) };
}

/** Reads the loader's answer; undefined when it is none. Everything in it is hostile input. */
export function startOf(v: unknown): Start | undefined {
  const s = (v ?? {}) as Partial<Start>;
  if (typeof v !== 'object' || s.parley !== 'start') return undefined;
  return {
    parley: 'start',
    consent: consentOf(s.consent),
    ask: s.ask === true,
    open: s.open === true,
    token: text(s.token, longestToken),
    page: pageOf(s.page),
  };
}

export function downOf(v: unknown): Down | undefined {
  const m = (v ?? {}) as { t?: unknown; consent?: unknown; token?: unknown; page?: unknown };
  if (m.t === 'open' || m.t === 'close') return { t: m.t };
  if (m.t !== 'consent') return undefined;
  return {
    t: 'consent',
    consent: consentOf(m.consent),
    token: text(m.token, longestToken),
    page: pageOf(m.page),
  };
}

export type Host = {
  tell: (m: Up) => void;
  /** True when a loader answered, so that the chat can be closed. */
  framed: boolean;
};

/**
 * Makes itself known to the page around the frame, and to no other origin than
 * the one the server allowed, and waits for that page's port.
 */
export function meet(
  boot: Boot,
  locale: string,
  begun: (s: Start, host: Host) => void,
  heard: (m: Down) => void,
): void {
  let met = false;
  const lonely = window.setTimeout(() => {
    if (met || boot.origin !== location.origin) return;
    met = true;
    begun({ ...alone, ask: boot.consent === 'ask' }, { tell: () => {}, framed: false });
  }, patience);
  addEventListener('message', (e) => {
    if (met || e.origin !== boot.origin || e.source !== parent) return;
    const start = startOf(e.data);
    const port = e.ports[0];
    if (!start || !port) return;
    met = true;
    clearTimeout(lonely);
    port.onmessage = (m) => {
      const down = downOf(m.data);
      if (down) heard(down);
    };
    begun(start, { tell: (m) => port.postMessage(m), framed: true });
  });
  const ready: Ready = {
    parley: 'ready',
    locale,
    // The launcher has the default colour's shades, light and dark, already.
    colour: boot.brand_colour === defaultColour ? '' : boot.brand_colour,
    position: boot.position,
    consent: boot.consent,
  };
  if (parent !== window) parent.postMessage(ready, boot.origin);
}
