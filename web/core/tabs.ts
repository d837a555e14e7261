import { type Heard, type Link, openStream, type StreamHandle } from './stream.ts';
import type { Event, Typing } from './types.ts';

/** What the tab that holds the stream tells the other tabs of this browser. */
type Word =
  | { t: 'event'; ev: Event }
  | { t: 'typing'; typing: Typing }
  | { t: 'hello'; no: number }
  | { t: 'reset' }
  | { t: 'link'; state: Link; no: number | undefined }
  | { t: 'who' };

export type TabParts = {
  open: (heard: Heard, after: number | undefined) => StreamHandle;
  /** Events after a number, for a tab that missed some. */
  replay: (after: number) => Promise<Event[]>;
  locks: Pick<LockManager, 'request'> | undefined;
  channel: ((name: string) => BroadcastChannel) | undefined;
};

export function browserParts(replay: TabParts['replay']): TabParts {
  return {
    open: openStream,
    replay,
    locks: typeof navigator === 'undefined' ? undefined : navigator.locks,
    channel: typeof BroadcastChannel === 'undefined' ? undefined : (name) => new BroadcastChannel(name),
  };
}

/**
 * One stream for all tabs: the tab that gets the lock opens it and repeats
 * every word; when it goes, the next one resumes from the last number it
 * heard. Without locks or channels each tab opens its own.
 */
export function shareStream(workspace: string, heard: Heard, parts: TabParts): StreamHandle {
  const { locks, channel } = parts;
  if (!locks || !channel) return parts.open(heard, undefined);

  const name = `parley-events-${workspace}`;
  const bus = channel(name);
  const stop = new AbortController();
  let last: number | undefined;
  let link: Link = 'connecting';
  let own: StreamHandle | undefined;
  let catchingUp = false;

  const tell = (word: Word) => bus.postMessage(word);
  const take = (ev: Event): boolean => {
    const no = Number(ev.no);
    if (last !== undefined && no <= last) return false;
    last = no;
    heard.event(ev);
    return true;
  };
  const setLink = (state: Link) => {
    link = state;
    heard.link(state);
  };

  const catchUp = async (to: number) => {
    if (catchingUp || last === undefined || to <= last) return;
    catchingUp = true;
    try {
      for (const ev of await parts.replay(last)) take(ev);
    } catch {
      // The next word of the leading tab tries again.
    } finally {
      catchingUp = false;
    }
  };

  bus.onmessage = (e: MessageEvent<Word>) => {
    const word = e.data;
    if (own) {
      if (word.t === 'who') tell({ t: 'link', state: link, no: last });
      return;
    }
    if (word.t === 'event') take(word.ev);
    else if (word.t === 'typing') heard.typing(word.typing);
    else if (word.t === 'reset') {
      last = undefined;
      heard.reset();
    } else if (word.t === 'hello') {
      if (last === undefined) last = word.no;
      heard.hello(word.no);
    } else if (word.t === 'link') {
      if (last === undefined) {
        last = word.no;
        if (word.no !== undefined) heard.hello(word.no);
      } else if (word.no !== undefined) void catchUp(word.no);
      setLink(word.state);
    }
  };

  const lead = () =>
    new Promise<void>((release) => {
      if (stop.signal.aborted) return release();
      own = parts.open(
        {
          event: (ev) => take(ev) && tell({ t: 'event', ev }),
          typing: (typing) => {
            heard.typing(typing);
            tell({ t: 'typing', typing });
          },
          hello: (no) => {
            if (last === undefined) last = no;
            heard.hello(no);
            tell({ t: 'hello', no });
          },
          reset: () => {
            last = undefined;
            heard.reset();
            tell({ t: 'reset' });
          },
          link: (state) => {
            setLink(state);
            tell({ t: 'link', state, no: last });
          },
          signedOut: () => {
            heard.signedOut();
            release();
          },
        },
        last,
      );
      stop.signal.addEventListener('abort', () => release(), { once: true });
    });

  heard.link('connecting');
  tell({ t: 'who' });
  locks.request(name, { signal: stop.signal }, lead).catch(() => {
    // Closed while waiting for its turn.
  });

  return {
    close: () => {
      stop.abort();
      own?.close();
      bus.close();
    },
    nudge: () => own?.nudge(),
  };
}
