// No 0/o, 1/l/i: such a password is read out or copied by hand.
const letters = 'abcdefghjkmnpqrstuvwxyz23456789';
const groups = 4;
const size = 5;

/** A first password of 20 random characters in groups: 99 bits, and easy to read out. */
export function suggestPassword(): string {
  const picked: string[] = [];
  const fair = 256 - (256 % letters.length); // bytes from here on would favour the first letters
  while (picked.length < groups * size) {
    for (const byte of crypto.getRandomValues(new Uint8Array(32))) {
      if (byte < fair && picked.length < groups * size) picked.push(letters[byte % letters.length] ?? '');
    }
  }
  return Array.from({ length: groups }, (_, i) => picked.slice(i * size, (i + 1) * size).join('')).join('-');
}
