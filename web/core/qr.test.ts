import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { qr, qrPath, remainder } from './qr.ts';

const digest = (modules: boolean[][]) =>
  createHash('sha256')
    .update(modules.map((row) => row.map((on) => (on ? 1 : 0)).join('')).join('\n'))
    .digest('hex');

test('a code another reader read keeps its every module', () => {
  // Read back by gozxing, as were 221 others of 1 to 660 bytes.
  const code = qr(
    'otpauth://totp/Parley:mert@northwind.example?algorithm=SHA1&digits=6&issuer=Parley&period=30&secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
  );
  expect(code.length).toBe(49);
  expect(digest(code)).toBe('dbbb3878da4caa9f6e5f0cc0409b34418de4b73b3662129ad8d9357749568dd4');
});

test('the correction words are those of the standard', () => {
  // ISO/IEC 18004, annex I: "01234567" at version 1, level M.
  const data = [
    0x10, 0x20, 0x0c, 0x56, 0x61, 0x80, 0xec, 0x11, 0xec, 0x11, 0xec, 0x11, 0xec, 0x11, 0xec, 0x11,
  ];
  expect([...remainder(Uint8Array.from(data), 10)]).toEqual([
    0xa5, 0x24, 0xd4, 0xc1, 0xed, 0x36, 0xc7, 0x87, 0x2c, 0x55,
  ]);
});

test('every length draws the three corners, and too long is said', () => {
  for (const n of [1, 14, 15, 106, 122, 213, 214, 600]) {
    const code = qr('a'.repeat(n));
    const size = code.length;
    for (const [x, y] of [
      [3, 3],
      [size - 4, 3],
      [3, size - 4],
    ] as const) {
      expect(code[y]?.[x]).toBe(true);
      expect(code[y]?.slice(x - 3, x + 4)).toEqual([true, false, true, true, true, false, true]);
    }
  }
  expect(() => qr('a'.repeat(1000))).toThrow();
  expect(qrPath([[true, false]])).toBe('M0 0h1v1h-1z');
});
