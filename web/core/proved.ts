/**
 * A proof at an account provider is given in a page of its own, so that what
 * somebody was doing stays open. The pages of one browser tell each other that it
 * was given, and nothing else.
 */
const name = 'parley-proved';

/** Tells the other pages of this browser that the sign-in was proved anew. */
export function tellProved(): void {
  const channel = new BroadcastChannel(name);
  channel.postMessage(true);
  channel.close();
}

/** Hears of a proof given in another page; returns what ends the listening. */
export function onProved(run: () => void): () => void {
  const channel = new BroadcastChannel(name);
  channel.onmessage = run;
  return () => channel.close();
}
