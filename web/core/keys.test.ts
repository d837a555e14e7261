import { describe, expect, it, vi } from 'vitest';
import { combo, isTyping, Keys } from './keys.ts';

const press = (key: string, more: KeyboardEventInit = {}, target?: HTMLElement) => {
  const e = new KeyboardEvent('keydown', { key, cancelable: true, bubbles: true, ...more });
  if (target) Object.defineProperty(e, 'target', { value: target });
  return e;
};

describe('combo', () => {
  it('names keys without locale, so a Turkish layout works', () => {
    expect(combo(press('I'))).toBe('i');
    expect(combo(press('J', { shiftKey: true }))).toBe('shift+j');
    expect(combo(press('?', { shiftKey: true }))).toBe('?');
    expect(combo(press('Enter', { ctrlKey: true }))).toBe('mod+enter');
    expect(combo(press('Enter', { metaKey: true, shiftKey: true }))).toBe('mod+shift+enter');
    expect(combo(press('K', { ctrlKey: true }))).toBe('mod+k');
  });

  it('leaves composition, AltGr and bare modifiers alone', () => {
    expect(combo(press('e', { isComposing: true }))).toBe('');
    expect(combo(press('@', { altKey: true, ctrlKey: true }))).toBe('');
    expect(combo(press('Shift', { shiftKey: true }))).toBe('');
  });
});

describe('isTyping', () => {
  it('knows where letters are text', () => {
    const input = document.createElement('input');
    expect(isTyping(input)).toBe(true);
    input.type = 'checkbox';
    expect(isTyping(input)).toBe(false);
    expect(isTyping(document.createElement('textarea'))).toBe(true);
    expect(isTyping(document.createElement('div'))).toBe(false);
  });
});

describe('Keys', () => {
  const setUp = () => {
    const run = { j: vi.fn(), send: vi.fn(), go: vi.fn(), esc: vi.fn(), n: vi.fn() };
    const keys = new Keys();
    keys.add({ j: run.j, 'mod+enter': run.send, 'g n': run.go, esc: run.esc, n: run.n });
    return { keys, run };
  };

  it('hears letters outside fields only, chords everywhere', () => {
    const { keys, run } = setUp();
    const field = document.createElement('textarea');
    keys.hear(press('j'), 0, false);
    keys.hear(press('j', {}, field), 0, false);
    keys.hear(press('Enter', { ctrlKey: true }, field), 0, false);
    expect(run.j).toHaveBeenCalledTimes(1);
    expect(run.send).toHaveBeenCalledTimes(1);
  });

  it('hears two keys in a row, but not when the second comes late', () => {
    const { keys, run } = setUp();
    keys.hear(press('g'), 0, false);
    keys.hear(press('n'), 500, false);
    expect(run.go).toHaveBeenCalledTimes(1);
    expect(run.n).not.toHaveBeenCalled();
    keys.hear(press('g'), 1000, false);
    keys.hear(press('n'), 9000, false);
    expect(run.n).toHaveBeenCalledTimes(1);
  });

  it('rests under a dialog and when single keys are turned off', () => {
    const { keys, run } = setUp();
    keys.hear(press('j'), 0, true);
    keys.plain = false;
    keys.hear(press('j'), 0, false);
    keys.hear(press('Enter', { metaKey: true }), 0, false);
    expect(run.j).not.toHaveBeenCalled();
    expect(run.send).toHaveBeenCalledTimes(1);
  });

  it('gives the latest layer the word and takes it back', () => {
    const { keys, run } = setUp();
    const over = vi.fn();
    const leave = keys.add({ j: over });
    keys.hear(press('j'), 0, false);
    leave();
    keys.hear(press('j'), 0, false);
    expect(over).toHaveBeenCalledTimes(1);
    expect(run.j).toHaveBeenCalledTimes(1);
  });
});
