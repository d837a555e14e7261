import { describe, expect, it } from 'vitest';
import { downOf, startOf } from './host.ts';

describe('what the page says to the frame', () => {
  it.each([null, undefined, 1, 'start', [], {}, { parley: 'ready' }, { t: 'drop' }])('ignores %j', (v) => {
    expect(startOf(v)).toBeUndefined();
    expect(downOf(v)).toBeUndefined();
  });

  it('takes only what has the right shape', () => {
    const s = startOf({
      parley: 'start',
      consent: 'yes',
      ask: 1,
      open: true,
      token: 'x'.repeat(5000),
      page: { url: 7 },
    });
    expect(s).toEqual({
      parley: 'start',
      consent: 'unknown',
      ask: false,
      open: true,
      token: '',
      page: { url: '', referrer: '' },
    });
    expect(downOf({ t: 'consent', consent: 'granted', token: {}, page: 'x' })).toEqual({
      t: 'consent',
      consent: 'granted',
      token: '',
      page: { url: '', referrer: '' },
    });
  });
});
