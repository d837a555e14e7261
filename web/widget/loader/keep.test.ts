import { afterEach, expect, test, vi } from 'vitest';
import { keeper } from './keep.ts';

afterEach(() => localStorage.clear());

test('a keeper holds one entry of its own and touches no other', () => {
  localStorage.setItem('cart', '3');
  const keep = keeper('pk_1');
  expect(keep.read()).toBe('');
  keep.write('t1');
  keep.write('t2');
  expect({ ...localStorage }).toEqual({ cart: '3', 'parley:pk_1': 't2' });
  expect(keep.read()).toBe('t2');
  keep.remove();
  expect({ ...localStorage }).toEqual({ cart: '3' });
});

test('where storage is switched off the chat goes on without', () => {
  const refuse = () => {
    throw new DOMException('denied', 'SecurityError');
  };
  vi.spyOn(Storage.prototype, 'getItem').mockImplementation(refuse);
  vi.spyOn(Storage.prototype, 'setItem').mockImplementation(refuse);
  vi.spyOn(Storage.prototype, 'removeItem').mockImplementation(refuse);
  const keep = keeper('pk_1');
  expect(keep.read()).toBe('');
  expect(() => keep.write('t')).not.toThrow();
  expect(() => keep.remove()).not.toThrow();
});
