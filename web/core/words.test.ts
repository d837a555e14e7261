// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { bestContrast, contrast, enough } from './contrast.ts';
import { Format, initials, safeUrl } from './format.ts';
import { readPrefs, writePrefs } from './prefs.ts';
import { asProblem, Problem } from './problem.ts';
import { parts } from './rich.ts';
import { extended, moved, neighbour, ticked } from './roving.ts';
import { snoozeTimes } from './snooze.ts';

describe('roving', () => {
  const ids = ['a', 'b', 'c', 'd'];

  it('moves inside the list and finds its way back when the row is gone', () => {
    expect(moved(ids, 'a', 1)).toBe('b');
    expect(moved(ids, 'd', 1)).toBe('d');
    expect(moved(ids, 'a', -1)).toBe('a');
    expect(moved(ids, 'gone', 1)).toBe('a');
    expect(moved([], 'a', 1)).toBe('');
  });

  it('ticks, unticks and extends', () => {
    const one = ticked({ cursor: 'a', ticked: new Set() }, 'a');
    const two = extended(ids, one, 1);
    expect([...two.ticked]).toEqual(['a', 'b']);
    expect(two.cursor).toBe('b');
    expect([...ticked(two, 'a').ticked]).toEqual(['b']);
  });

  it('goes to the next row that stays when rows leave', () => {
    expect(neighbour(ids, new Set(['b']), 'b')).toBe('c');
    expect(neighbour(ids, new Set(['c', 'd']), 'd')).toBe('b');
    expect(neighbour(['a'], new Set(['a']), 'a')).toBe('');
  });
});

describe('parts', () => {
  it('finds links and source marks and nothing else', () => {
    const found = parts('See https://a.example/x). [1] and [2] <b>', new Set([1]));
    expect(found).toEqual([
      { kind: 'text', text: 'See ' },
      { kind: 'link', text: 'https://a.example/x', url: 'https://a.example/x' },
      { kind: 'text', text: '). ' },
      { kind: 'ref', n: 1 },
      { kind: 'text', text: ' and [2] <b>' },
    ]);
  });

  it('never makes a link of anything but http', () => {
    expect(parts('javascript:alert(1) data:x')).toEqual([
      { kind: 'text', text: 'javascript:alert(1) data:x' },
    ]);
    expect(safeUrl('javascript:alert(1)')).toBe('');
    expect(safeUrl('https://a.example')).toBe('https://a.example/');
  });
});

describe('contrast', () => {
  it('agrees with WCAG and refuses what is no colour', () => {
    expect(contrast('#000', '#ffffff')).toBeCloseTo(21);
    expect(contrast('#0f5c55', '#ffffff')).toBeGreaterThan(enough);
    expect(contrast('#7ad6c8', '#ffffff')).toBeLessThan(enough);
    expect(contrast('teal', '#ffffff')).toBe(0);
    expect(bestContrast('#7ad6c8')).toBeGreaterThan(enough);
    expect(bestContrast('#7c7c7c')).toBeLessThan(enough);
    expect(bestContrast('#zzz')).toBe(0);
  });
});

describe('Format', () => {
  const now = new Date('2026-11-22T12:00:00');
  const past = (minutes: number) => new Date(now.getTime() - minutes * 60_000);

  it('says how long ago as short as it gets, in both languages', () => {
    const en = new Format('en');
    expect([0, 5, 125, 60 * 50].map((m) => en.ago(past(m), now))).toEqual(['1m', '5m', '2h', '2d']);
    expect(en.ago(past(60 * 24 * 30), now)).toBe('23 Oct');
    expect(new Format('tr').ago(past(5), now)).toBe('5 dk');
  });

  it('names days from the reader’s calendar', () => {
    expect(new Format('en').day(past(60), now)).toBe('Today');
    expect(new Format('tr').day(past(60 * 13), now)).toBe('Dün');
  });

  it('takes initials by the rules of the language', () => {
    expect(initials('işıl deniz', 'tr')).toBe('İD');
    expect(initials('', 'en')).toBe('?');
    expect(initials('Ayşe Nur Demir', 'tr')).toBe('AD');
  });
});

describe('snoozeTimes', () => {
  it('never offers a time that has passed, and Monday is always a coming one', () => {
    for (let day = 1; day <= 14; day++) {
      const now = new Date(2026, 10, day, 10, 30);
      const times = snoozeTimes(now);
      for (const t of Object.values(times)) expect(t.getTime()).toBeGreaterThan(now.getTime());
      expect(times.week.getDay()).toBe(1);
    }
  });
});

describe('prefs', () => {
  it('keeps nothing until something is chosen, and survives blocked or broken storage', () => {
    expect(readPrefs(undefined)).toEqual({ theme: 'system', language: '', shortcuts: true });
    expect(readPrefs({ getItem: () => '{bad' }).theme).toBe('system');
    expect(readPrefs({ getItem: () => '{"theme":"pink","shortcuts":false}' })).toEqual({
      theme: 'system',
      language: '',
      shortcuts: false,
    });
    const blocked = () => {
      throw new Error('blocked');
    };
    expect(() => writePrefs({ setItem: blocked }, readPrefs(undefined))).not.toThrow();
  });
});

describe('Problem', () => {
  it('maps field errors and knows when no answer came', () => {
    const p = new Problem(422, { code: 'invalid', errors: [{ location: 'body.name', message: 'too long' }] });
    expect(p.fields).toEqual({ name: 'too long' });
    expect(p.unreachable).toBe(false);
    expect(asProblem(new TypeError('x')).unreachable).toBe(true);
  });
});
