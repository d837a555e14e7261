import { beforeEach, expect, test, vi } from 'vitest';
import { declines, followTool } from './tool.ts';

type Page = { dataLayer?: unknown[]; __tcfapi?: unknown };
const page = window as unknown as Page;

beforeEach(() => {
  page.dataLayer = undefined;
  page.__tcfapi = undefined;
  signal({});
});

function signal(s: { gpc?: boolean; dnt?: string }): void {
  Object.defineProperty(navigator, 'globalPrivacyControl', { value: s.gpc, configurable: true });
  Object.defineProperty(navigator, 'doNotTrack', { value: s.dnt ?? null, configurable: true });
}

function follow() {
  const heard: boolean[] = [];
  const seen = followTool((yes) => heard.push(yes));
  return { heard, seen };
}

const say = (kind: string, value?: string) =>
  page.dataLayer?.push(['consent', kind, value ? { functionality_storage: value } : {}]);

test('a page without a consent tool decides nothing', () => {
  const { heard, seen } = follow();
  page.dataLayer?.push({ event: 'gtm.js' }, undefined, 'x');
  expect([heard, seen()]).toEqual([[], false]);
});

test('Consent Mode: an update decides, a denied default does not', () => {
  const { heard, seen } = follow();
  say('default', 'denied');
  expect([heard, seen()]).toEqual([[], true]);
  say('update', 'granted');
  say('update', 'denied');
  say('update');
  expect(heard).toEqual([true, false]);
});

test('Consent Mode: what was said before we came is heard, and the page’s own listener still is', () => {
  const own = vi.fn();
  page.dataLayer = [['consent', 'default', { functionality_storage: 'granted' }]];
  page.dataLayer.push = own;
  const { heard } = follow();
  expect(heard).toEqual([true]);
  say('update', 'denied');
  expect(heard).toEqual([true, false]);
  expect(own).toHaveBeenCalledOnce();
});

test.each([{ gpc: true }, { dnt: '1' }])(
  '%o: a granted default stays undecided, a person’s own update decides',
  (s) => {
    signal(s);
    expect(declines()).toBe(true);
    const { heard } = follow();
    say('default', 'granted');
    expect(heard).toEqual([]);
    say('update', 'granted');
    expect(heard).toEqual([true]);
  },
);

test('TCF: purpose 1 decides once the person has answered', () => {
  let tell: (data: unknown, ok: boolean) => void = () => {};
  page.__tcfapi = (command: string, version: number, heard: typeof tell) => {
    expect([command, version]).toEqual(['addEventListener', 2]);
    tell = heard;
  };
  const { heard, seen } = follow();
  expect(seen()).toBe(true);
  tell({ eventStatus: 'cmpuishown', purpose: { consents: { 1: true } } }, true);
  tell({ eventStatus: 'tcloaded', purpose: { consents: { 1: true } } }, false);
  expect(heard).toEqual([]);
  tell({ eventStatus: 'useractioncomplete', purpose: { consents: { 1: true } } }, true);
  tell({ eventStatus: 'useractioncomplete', purpose: { consents: { 1: false, 2: true } } }, true);
  tell({ eventStatus: 'useractioncomplete' }, true);
  expect(heard).toEqual([true, false, false]);
});

test('TCF: a tool that comes after us is still found', () => {
  const { seen } = follow();
  const asked = vi.fn();
  page.__tcfapi = asked;
  expect(seen()).toBe(false);
  dispatchEvent(new Event('load'));
  expect(seen()).toBe(true);
  const times = asked.mock.calls.length;
  dispatchEvent(new Event('load'));
  expect(asked).toHaveBeenCalledTimes(times);
});
