type Command = ArrayLike<unknown>;
type TcData = {
  eventStatus?: string;
  gdprApplies?: boolean;
  purpose?: { consents?: Record<string, boolean> };
};
type Tcf = (command: string, version: number, heard: (data: TcData, ok: boolean) => void) => void;

type Page = Window & { dataLayer?: Command[]; __tcfapi?: Tcf; doNotTrack?: string };

const page = window as unknown as Page;

/** The browser says that its person does not want to be followed (GPC or DNT). */
export function declines(): boolean {
  const n = navigator as Navigator & { globalPrivacyControl?: boolean; doNotTrack?: string | null };
  return n.globalPrivacyControl === true || n.doNotTrack === '1';
}

/**
 * Follows the page's consent tool: Google Consent Mode (functionality_storage)
 * and IAB TCF (purpose 1, taken as the site owner's signal). A default is no
 * decision of a person: a denied one says nothing, and a granted one nothing
 * to a browser that declines. Returns whether a tool has been seen so far.
 */
export function followTool(decided: (granted: boolean) => void): () => boolean {
  let seen = false;
  const read = (c: Command) => {
    if (c?.[0] !== 'consent') return;
    seen = true;
    const value = (c[2] as Record<string, string> | undefined)?.functionality_storage;
    const granted = value === 'granted';
    if (c[1] === 'update' ? value : granted && !declines()) decided(granted);
  };
  page.dataLayer = page.dataLayer ?? [];
  const layer = page.dataLayer;
  for (let i = 0; i < layer.length; i++) read(layer[i] as Command);
  const push = layer.push;
  layer.push = (...commands) => {
    commands.forEach(read);
    return push.apply(layer, commands);
  };

  let listening = false;
  const listen = () => {
    if (listening || !page.__tcfapi) return;
    listening = true;
    seen = true;
    page.__tcfapi('addEventListener', 2, (data, ok) => {
      if (ok && data.eventStatus !== 'cmpuishown')
        decided(data.gdprApplies === false ? !declines() : data.purpose?.consents?.[1] === true);
    });
  };
  listen();
  addEventListener('load', listen);
  return () => seen;
}
