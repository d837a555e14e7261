/** Shortcuts: 'j', 'shift+j', 'mod+enter', 'mod+shift+enter', '?', or two keys in a row: 'g n'. */
export type Bindings = Record<string, (e: KeyboardEvent) => void>;

type Pressed = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey' | 'isComposing'>;

const names: Record<string, string> = {
  Enter: 'enter',
  Escape: 'esc',
  ArrowDown: 'down',
  ArrowUp: 'up',
  ' ': 'space',
};
const sequenceTime = 1200;

/** The name of what was pressed, or '' where no shortcut may hear it. */
export function combo(e: Pressed): string {
  if (e.isComposing || e.altKey || e.key === undefined) return '';
  const mod = e.ctrlKey || e.metaKey;
  // toLowerCase, not toLocaleLowerCase: in Turkish "I" must not become "ı".
  const single = e.key.length === 1 && e.key !== ' ';
  const base = names[e.key] ?? (single ? e.key.toLowerCase() : '');
  if (!base) return '';
  // "?" is Shift and another key on every layout; Shift counts for letters and named keys only.
  const counts = base.length > 1 || /\p{L}/u.test(base);
  return `${mod ? 'mod+' : ''}${e.shiftKey && counts ? 'shift+' : ''}${base}`;
}

/** True where letters are text, not commands. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable) return true;
  if (target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  if (!(target instanceof HTMLInputElement)) return false;
  return !['button', 'checkbox', 'radio', 'submit', 'reset', 'color', 'range', 'file'].includes(target.type);
}

const isPlain = (name: string) => !name.startsWith('mod+') && name !== 'esc';

/** The shortcuts in force. Later layers win; a layer leaves by the function it got. */
export class Keys {
  private layers: Bindings[] = [];
  private first = '';
  private firstAt = 0;
  /** Single keys on or off (WCAG 2.1.4); chords with Ctrl or Cmd always work. */
  plain = true;

  add(bindings: Bindings): () => void {
    this.layers.push(bindings);
    return () => {
      this.layers = this.layers.filter((x) => x !== bindings);
    };
  }

  /** Hears one key; true when a shortcut ran. */
  hear(e: KeyboardEvent, now: number, blocked: boolean): boolean {
    const name = combo(e);
    if (!name || e.defaultPrevented) return false;
    if (isPlain(name) && (!this.plain || blocked || isTyping(e.target))) return false;
    if (blocked && name !== 'mod+k') return false;
    const sequence = this.first && now - this.firstAt < sequenceTime ? `${this.first} ${name}` : '';
    this.first = '';
    const run = (sequence && this.find(sequence)) || this.find(name);
    if (run) {
      e.preventDefault();
      run(e);
      return true;
    }
    if (this.starts(name)) {
      this.first = name;
      this.firstAt = now;
      return true;
    }
    return false;
  }

  private find(name: string) {
    for (let i = this.layers.length - 1; i >= 0; i--) {
      const run = this.layers[i]?.[name];
      if (run) return run;
    }
    return undefined;
  }

  private starts(name: string): boolean {
    return this.layers.some((l) => Object.keys(l).some((k) => k.startsWith(`${name} `)));
  }
}
