// @vitest-environment node
import { expect, test, vi } from 'vitest';
import { takeArrival } from './arrival.ts';
import type { Offer } from './types.ts';

const offer: Offer = { id: '1', accounts: [] };

function arrive(search: string, pathname = '/channels/connected') {
  const finish = vi.fn(async () => offer);
  const at = { pathname, search };
  const replaceState = vi.fn(() => {
    at.search = ''; // as the browser's does
  });
  return { finish, replaceState, arrival: takeArrival(at, { state: null, replaceState }, finish) };
}

test('the code leaves the address at once and is spent once', async () => {
  // A code that reads as a number keeps every digit.
  const { arrival, finish, replaceState } = arrive('?code=12345678901234567890&state=word');
  expect(replaceState).toHaveBeenCalledExactlyOnceWith(null, '', '/channels/connected');
  expect(finish).not.toHaveBeenCalled();
  expect(await Promise.all([arrival?.offer(), arrival?.offer()])).toEqual([offer, offer]);
  await arrival?.offer();
  expect(finish).toHaveBeenCalledExactlyOnceWith({ code: '12345678901234567890', state: 'word' });
});

test('a code that failed is not spent again', async () => {
  const { arrival, finish } = arrive('?code=c&state=word');
  finish.mockRejectedValue(new Error('used'));
  await expect(arrival?.offer()).rejects.toThrow('used');
  await expect(arrival?.offer()).rejects.toThrow('used');
  expect(finish).toHaveBeenCalledOnce();
});

test('a refused sign-in has nothing to spend, and other addresses are left alone', () => {
  expect(arrive('?error=access_denied&error_reason=user_denied&state=word').arrival?.refused).toBe('denied');
  expect(arrive('?error=server_error&state=word').arrival?.refused).toBe('failed');
  expect(arrive('?code=c').arrival?.refused).toBe('failed');
  expect(arrive('?code=c&state=word').arrival?.refused).toBe('');
  expect(arrive('').arrival).toBeNull();
  const other = arrive('?code=c&state=word', '/channels/70');
  expect(other.arrival).toBeNull();
  expect(other.replaceState).not.toHaveBeenCalled();
});
