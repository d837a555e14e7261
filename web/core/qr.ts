/**
 * Draws a text as a QR code (ISO/IEC 18004, byte mode, correction level M), so
 * that a secret never travels to anybody's drawing service.
 */

// Per version 1 … 20: correction codewords of a block, and how many blocks.
const correction = [10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26];
const blocks = [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16];

type Grid = { size: number; dark: Uint8Array; fixed: Uint8Array };

/** The modules of the code, row by row; true is dark. Throws where the text is longer than 600 bytes or so. */
export function qr(text: string): boolean[][] {
  const bytes = new TextEncoder().encode(text);
  const version = fitting(bytes.length);
  const words = interleave(dataWords(bytes, version), version);
  let best: Grid | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (let mask = 0; mask < 8; mask++) {
    const grid = frame(version);
    place(grid, words);
    turn(grid, mask);
    format(grid, mask);
    const cost = penalty(grid);
    if (cost < least) [best, least] = [grid, cost];
  }
  const { size, dark } = best as Grid;
  return Array.from({ length: size }, (_, y) =>
    Array.from(dark.subarray(y * size, (y + 1) * size), (x) => x === 1),
  );
}

/** The dark modules as one SVG path on a grid of one unit a module. */
export function qrPath(modules: boolean[][]): string {
  return modules.map((row, y) => row.map((on, x) => (on ? `M${x} ${y}h1v1h-1z` : '')).join('')).join('');
}

/** How many codewords a version holds, data and correction together. */
function capacity(version: number): number {
  let modules = (16 * version + 128) * version + 64;
  if (version >= 2) {
    const marks = Math.floor(version / 7) + 2;
    modules -= (25 * marks - 10) * marks - 55;
    if (version >= 7) modules -= 36;
  }
  return Math.floor(modules / 8);
}

const perBlock = (version: number) => correction[version - 1] as number;
const blockCount = (version: number) => blocks[version - 1] as number;
const room = (version: number) => capacity(version) - perBlock(version) * blockCount(version);
const lengthBits = (version: number) => (version < 10 ? 8 : 16);

function fitting(bytes: number): number {
  for (let v = 1; v <= blocks.length; v++) {
    if (4 + lengthBits(v) + bytes * 8 <= room(v) * 8) return v;
  }
  throw new Error('too long for a QR code');
}

function dataWords(bytes: Uint8Array, version: number): Uint8Array {
  const bits: number[] = [];
  const put = (value: number, n: number) => {
    for (let i = n - 1; i >= 0; i--) bits.push((value >>> i) & 1);
  };
  put(4, 4);
  put(bytes.length, lengthBits(version));
  for (const b of bytes) put(b, 8);
  put(0, Math.min(4, room(version) * 8 - bits.length));
  put(0, (8 - (bits.length % 8)) % 8);
  for (let pad = 0xec; bits.length < room(version) * 8; pad ^= 0xec ^ 0x11) put(pad, 8);
  const out = new Uint8Array(bits.length / 8);
  bits.forEach((bit, i) => {
    out[i >> 3] = (out[i >> 3] as number) | (bit << (7 - (i & 7)));
  });
  return out;
}

/** Multiplies in the field of 256 elements that the codes are made in. */
function times(a: number, b: number): number {
  let z = 0;
  for (let i = 7; i >= 0; i--) {
    z = (z << 1) ^ ((z >>> 7) * 0x11d);
    z ^= ((b >>> i) & 1) * a;
  }
  return z;
}

/** Reed-Solomon: the remainder of the data by the generator of a degree. */
export function remainder(data: Uint8Array, degree: number): Uint8Array {
  const divisor = new Uint8Array(degree);
  divisor[degree - 1] = 1;
  for (let i = 0, root = 1; i < degree; i++, root = times(root, 2)) {
    for (let j = 0; j < degree; j++) {
      divisor[j] = times(divisor[j] as number, root) ^ (divisor[j + 1] ?? 0);
    }
  }
  const out = new Uint8Array(degree);
  for (const b of data) {
    const factor = b ^ (out[0] as number);
    out.copyWithin(0, 1);
    out[degree - 1] = 0;
    for (let i = 0; i < degree; i++) out[i] = (out[i] as number) ^ times(divisor[i] as number, factor);
  }
  return out;
}

/** Cuts the data into blocks, adds their correction and lays them into one another. */
function interleave(data: Uint8Array, version: number): number[] {
  const n = blockCount(version);
  const short = Math.floor(room(version) / n);
  const long = room(version) % n; // so many blocks at the end hold one word more
  const parts: Uint8Array[] = [];
  for (let i = 0, at = 0; i < n; i++) {
    const size = short + (i >= n - long ? 1 : 0);
    parts.push(data.subarray(at, at + size));
    at += size;
  }
  const fixes = parts.map((part) => remainder(part, perBlock(version)));
  const out: number[] = [];
  for (const group of [parts, fixes]) {
    const longest = Math.max(...group.map((p) => p.length));
    for (let i = 0; i < longest; i++) {
      for (const p of group) if (i < p.length) out.push(p[i] as number);
    }
  }
  return out;
}

function set(grid: Grid, x: number, y: number, on: boolean): void {
  const at = y * grid.size + x;
  grid.dark[at] = on ? 1 : 0;
  grid.fixed[at] = 1;
}

/** Everything that looks the same in every code of a version. */
function frame(version: number): Grid {
  const size = version * 4 + 17;
  const grid = { size, dark: new Uint8Array(size * size), fixed: new Uint8Array(size * size) };
  for (let i = 0; i < size; i++) {
    set(grid, 6, i, i % 2 === 0);
    set(grid, i, 6, i % 2 === 0);
  }
  for (const [cx, cy] of [
    [3, 3],
    [size - 4, 3],
    [3, size - 4],
  ] as const)
    finder(grid, cx, cy);
  const at = marks(version, size);
  const last = at.length - 1;
  at.forEach((x, i) => {
    at.forEach((y, j) => {
      if ((i === 0 && j === 0) || (i === 0 && j === last) || (i === last && j === 0)) return;
      for (let dy = -2; dy <= 2; dy++) {
        for (let dx = -2; dx <= 2; dx++)
          set(grid, x + dx, y + dy, Math.max(Math.abs(dx), Math.abs(dy)) !== 1);
      }
    });
  });
  format(grid, 0);
  if (version >= 7) versionBits(grid, version);
  return grid;
}

function finder(grid: Grid, cx: number, cy: number): void {
  for (let dy = -4; dy <= 4; dy++) {
    for (let dx = -4; dx <= 4; dx++) {
      const [x, y] = [cx + dx, cy + dy];
      if (x < 0 || y < 0 || x >= grid.size || y >= grid.size) continue;
      const ring = Math.max(Math.abs(dx), Math.abs(dy));
      set(grid, x, y, ring !== 2 && ring !== 4);
    }
  }
}

/** Where the small marks stand, in both directions. */
function marks(version: number, size: number): number[] {
  if (version === 1) return [];
  const n = Math.floor(version / 7) + 2;
  const step = Math.floor((version * 8 + n * 3 + 5) / (n * 4 - 4)) * 2;
  const rest = Array.from({ length: n - 1 }, (_, i) => size - 7 - i * step);
  return [6, ...rest.reverse()];
}

function versionBits(grid: Grid, version: number): void {
  let rem = version;
  for (let i = 0; i < 12; i++) rem = (rem << 1) ^ ((rem >>> 11) * 0x1f25);
  const bits = (version << 12) | rem;
  for (let i = 0; i < 18; i++) {
    const on = ((bits >>> i) & 1) === 1;
    const [a, b] = [grid.size - 11 + (i % 3), Math.floor(i / 3)];
    set(grid, a, b, on);
    set(grid, b, a, on);
  }
}

/** The level and the mask, twice, beside the finders. */
function format(grid: Grid, mask: number): void {
  let rem = mask; // level M is 00
  for (let i = 0; i < 10; i++) rem = (rem << 1) ^ ((rem >>> 9) * 0x537);
  const bits = ((mask << 10) | rem) ^ 0x5412;
  const bit = (i: number) => ((bits >>> i) & 1) === 1;
  const { size } = grid;
  for (let i = 0; i <= 5; i++) set(grid, 8, i, bit(i));
  set(grid, 8, 7, bit(6));
  set(grid, 8, 8, bit(7));
  set(grid, 7, 8, bit(8));
  for (let i = 9; i < 15; i++) set(grid, 14 - i, 8, bit(i));
  for (let i = 0; i < 8; i++) set(grid, size - 1 - i, 8, bit(i));
  for (let i = 8; i < 15; i++) set(grid, 8, size - 15 + i, bit(i));
  set(grid, 8, size - 8, true);
}

/** Lays the words in two-wide columns, up and down from the right. */
function place(grid: Grid, words: number[]): void {
  const { size } = grid;
  let i = 0;
  for (let right = size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5;
    for (let step = 0; step < size; step++) {
      const y = ((right + 1) & 2) === 0 ? size - 1 - step : step;
      for (const x of [right, right - 1]) {
        const at = y * size + x;
        if (grid.fixed[at]) continue;
        const word = words[i >> 3];
        if (word !== undefined) grid.dark[at] = (word >>> (7 - (i & 7))) & 1;
        i++;
      }
    }
  }
}

const masks: ((x: number, y: number) => number)[] = [
  (x, y) => (x + y) % 2,
  (_, y) => y % 2,
  (x) => x % 3,
  (x, y) => (x + y) % 3,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2,
  (x, y) => ((x * y) % 2) + ((x * y) % 3),
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2,
];

function turn(grid: Grid, mask: number): void {
  const rule = masks[mask] as (x: number, y: number) => number;
  for (let at = 0; at < grid.dark.length; at++) {
    const [x, y] = [at % grid.size, Math.floor(at / grid.size)];
    if (!grid.fixed[at] && rule(x, y) === 0) grid.dark[at] = (grid.dark[at] as number) ^ 1;
  }
}

/** How hard a code is to read: long runs, blocks, shapes like a finder, too dark or too light. */
function penalty({ size, dark }: Grid): number {
  const line = (i: number, across: boolean) =>
    Array.from({ length: size }, (_, j) => dark[across ? i * size + j : j * size + i] as number).join('');
  let cost = 0;
  for (let i = 0; i < size; i++) {
    for (const row of [line(i, true), line(i, false)]) {
      for (const run of row.match(/0{5,}|1{5,}/g) ?? []) cost += run.length - 2;
      cost += 40 * (row.match(/(?=10111010000|00001011101)/g) ?? []).length;
    }
  }
  for (let y = 0; y + 1 < size; y++) {
    for (let x = 0; x + 1 < size; x++) {
      const at = y * size + x;
      const four =
        (dark[at] as number) +
        (dark[at + 1] as number) +
        (dark[at + size] as number) +
        (dark[at + size + 1] as number);
      if (four % 4 === 0) cost += 3;
    }
  }
  const share = dark.reduce((a, b) => a + b, 0) / dark.length;
  return cost + 10 * Math.floor(Math.abs(share - 0.5) * 20);
}
