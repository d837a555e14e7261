// @vitest-environment node
import { expect, test, vi } from 'vitest';
import { takeReturn } from './return.ts';

const back = (search: string, pathname = '/sign-in/google') => {
  const replaceState = vi.fn();
  return { replaceState, got: takeReturn({ pathname, search }, { state: null, replaceState }) };
};

test("a provider's answer leaves the address at once", () => {
  const { got, replaceState } = back('?code=c1&state=s1&iss=https%3A%2F%2Faccounts.example');
  expect(replaceState).toHaveBeenCalledExactlyOnceWith(null, '', '/sign-in/google');
  expect(got).toEqual({
    way: 'google',
    state: 's1',
    code: 'c1',
    iss: 'https://accounts.example',
    refused: '',
  });
});

test('who said no, and an answer with a part missing, has nothing to spend', () => {
  expect(back('?error=access_denied&state=s1').got?.refused).toBe('denied');
  expect(back('?error=server_error&state=s1').got?.refused).toBe('failed');
  expect(back('?state=s1').got?.refused).toBe('failed');
  expect(back('').got?.refused).toBe('failed');
});

test('other addresses are left alone', () => {
  for (const path of ['/sign-in', '/sign-in/', '/sign-in/a/b', '/sign-in/..%2f', '/inbox/google']) {
    const { got, replaceState } = back('?code=c&state=s', path);
    expect(got).toBeNull();
    expect(replaceState).not.toHaveBeenCalled();
  }
});
