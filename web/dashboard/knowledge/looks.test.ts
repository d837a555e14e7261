// @vitest-environment node
import en from '@core/i18n/en.json';
import { translator } from '@core/i18n/translate.ts';
import type { Source } from '@core/types.ts';
import { describe, expect, it } from 'vitest';
import { cells, columnsOf, largest, nameOf, refusal } from './files.ts';
import { found, progressOf, progressText, readAt, reasonText, stands, stateOf } from './looks.ts';
import { businessOf, draftOf, emptyDraft, saysNothing, weekdays } from './profile.ts';
import { groupsOf, textOf } from './words.ts';

const t = translator(en, 'en');
const source = (more: Partial<Source> = {}): Source => ({
  id: '1',
  name: 'Shop',
  kind: 'file',
  format: 'pdf',
  state: 'ready',
  reason: '',
  stage: '',
  pages_done: 0,
  pages: 0,
  language: 'en',
  passages: 3,
  bytes: 10,
  url: '',
  created_at: '2026-11-01T00:00:00Z',
  updated_at: '2026-11-02T00:00:00Z',
  ...more,
});
const crawl = (more: Partial<NonNullable<Source['crawl']>> = {}): NonNullable<Source['crawl']> => ({
  schedule: 'weekly',
  limit: 200,
  round: 1,
  running: false,
  found: 40,
  done: 10,
  failed: 2,
  changed: 0,
  limited: false,
  started_at: null,
  finished_at: '2026-11-20T00:00:00Z',
  next_at: null,
  stale: false,
  ...more,
});

describe('a source', () => {
  it('says how far its reading is, and nothing once it is over', () => {
    expect(progressOf(source())).toBeUndefined();
    const reading = source({ state: 'reading', stage: 'reading', pages_done: 3, pages: 12 });
    expect(progressOf(reading)?.part).toBe(0.25);
    expect(progressText(reading, t)).toBe('3 of 12 pages');
    expect(progressText(source({ state: 'queued' }), t)).toBe('Waiting its turn');
    expect(progressText(source({ state: 'reading', stage: 'keeping' }), t)).toBe('Making it findable');
  });

  it('of a site that is read again is being read, with what failed, although it answers', () => {
    const site = source({ kind: 'site', crawl: crawl({ running: true }) });
    expect(stateOf(site).state).toBe('reading');
    expect(progressText(site, t)).toBe('10 of 40 pages, 2 failed');
    expect(stands(site, 'busy')).toBe(true);
    expect(readAt(site)).toBe('2026-11-20T00:00:00Z');
  });

  it('that failed says what to do, whatever the reason', () => {
    expect(reasonText(source({ reason: 'password' }), t)).toMatch(/Save it without/);
    expect(reasonText(source({ kind: 'site', reason: 'robots' }), t)).toMatch(
      /robots\.txt.*Check the address/,
    );
    expect(reasonText(source({ reason: 'of tomorrow' }), t)).not.toBe('');
  });

  it('is found by its name or address, in the reader’s alphabet', () => {
    const all = [source({ name: 'İade' }), source({ id: '2', url: 'https://a.example/x', state: 'failed' })];
    expect(found(all, 'all', 'iade', 'tr')).toHaveLength(1);
    expect(found(all, 'all', 'A.EXAMPLE', 'en')).toHaveLength(1);
    expect(found(all, 'failed', '', 'en').map((s) => s.id)).toEqual(['2']);
    expect(found(all, 'stale', '', 'en')).toEqual([]);
  });
});

describe('a file', () => {
  it('is refused before it is sent only for what is certain', () => {
    expect(refusal({ name: 'a.pdf', size: 0 })).toBe('empty');
    expect(refusal({ name: 'a.pdf', size: largest + 1 })).toBe('too_large');
    expect(refusal({ name: 'a.DOC', size: 9 })).toBe('old_format');
    expect(refusal({ name: 'a.xlsm', size: 9 })).toBe('macro');
    expect(refusal({ name: 'notes', size: largest })).toBe('');
  });

  it('gives a source its name', () => {
    expect(nameOf({ name: 'Price_list  2026.v2.xlsx' })).toBe('Price list 2026.v2');
  });

  it('of prices is shown by its own columns', () => {
    const rows = [{ text: 'Product: Tray | Price: 12: now' }, { text: 'Product: Lamp | Stock: 3' }];
    expect(columnsOf(rows)).toEqual(['Product', 'Price', 'Stock']);
    expect(cells(rows[0]?.text ?? '')[1]).toEqual({ column: 'Price', value: '12: now' });
  });
});

describe('a profile', () => {
  it('begins with the days of its language and sends only what says something', () => {
    expect(weekdays('tr')[0]).toBe('Pazartesi');
    expect(saysNothing(businessOf(emptyDraft('en'), 'en'))).toBe(true);
    const draft = emptyDraft('en');
    const [monday] = draft.hours;
    if (monday) monday.text = ' 9–18 ';
    const sent = businessOf(draft, 'tr');
    expect(sent.hours).toEqual([{ label: 'Monday', text: '9–18' }]);
    expect(sent.titles?.hours).toBe('Çalışma saatleri');
  });

  it('comes back as it was, with the headings it had', () => {
    const kept = {
      description: 'We.',
      hours: [{ text: 'always' }],
      addresses: [],
      policies: [],
      titles: { hours: 'When' },
    };
    expect(businessOf(draftOf(kept), 'tr', kept.titles)).toEqual(kept);
  });
});

describe('words of one meaning', () => {
  it('are read a group a line, each word once, and one alone is named', () => {
    expect(groupsOf('parcel, package,, parcel\n\n kargo ; paket ')).toEqual({
      groups: [
        ['parcel', 'package'],
        ['kargo', 'paket'],
      ],
      alone: undefined,
    });
    expect(groupsOf('NDA\na, b').alone).toBe('NDA');
    expect(textOf([['a', 'b']])).toBe('a, b');
  });
});
