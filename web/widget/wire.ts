/** What the loader (in the business's page) and the chat (in our frame) tell each other. */

/** What the visitor said about keeping the chat. */
export type Consent = 'unknown' | 'granted' | 'refused';

/** Who asks the visitor: nobody until the page calls, our own card, nobody at all, or the page's consent tool. */
export type Mode = 'required' | 'ask' | 'granted' | 'auto';

export const modes: readonly string[] = ['required', 'ask', 'granted', 'auto'];

/** The frame's one message to the window around it; the answer to it brings a port. */
export type Ready = {
  parley: 'ready';
  locale: string;
  colour: string;
  position: string;
  consent: Mode;
};

/** The page as far as consent allows: both empty unless granted. */
export type Page = { url: string; referrer: string };

/** The loader's answer, with a MessagePort beside it. */
export type Start = {
  parley: 'start';
  consent: Consent;
  /** Show our own card. */
  ask: boolean;
  open: boolean;
  /** Kept from an earlier visit; "" when there is none or it may not be read. */
  token: string;
  page: Page;
};

/** Loader to chat, over the port. */
export type Down =
  | { t: 'open' }
  | { t: 'close' }
  | { t: 'consent'; consent: Consent; token: string; page: Page };

/** Chat to loader, over the port. */
export type Up =
  | { t: 'close' }
  | { t: 'unread'; count: number }
  | { t: 'consent'; consent: Consent }
  | { t: 'token'; token: string }
  /** The server takes neither this visit's token nor its page's: load the page anew; asked: the visitor wishes it. */
  | { t: 'over'; asked?: boolean }
  | { t: 'locale'; locale: string };
