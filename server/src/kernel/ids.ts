import { randomFillSync } from 'node:crypto';

/** Random bytes are drawn for many ids at once: each draw costs more than the rest of the id. */
const pool = Buffer.allocUnsafe(4096);
let used = pool.length;

function randomHex(bytes: number): string {
  if (used + bytes > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += bytes;
  return pool.toString('hex', used - bytes, used);
}

let lastSecond = 0;
let counter = 0;

/**
 * A new id: 24 lower-case hexadecimal characters, ordered by time (8 seconds since 1970, 6 of a counter that
 * starts at random each second, 10 random). Citations and key suffixes are recognised by this shape.
 */
export function newId(now: number = Date.now()): string {
  const second = Math.floor(now / 1000);
  if (second !== lastSecond) {
    lastSecond = second;
    counter = Number.parseInt(randomHex(3), 16) & 0x7fffff;
  }
  counter = (counter + 1) & 0xffffff;
  return second.toString(16).padStart(8, '0') + counter.toString(16).padStart(6, '0') + randomHex(5);
}
