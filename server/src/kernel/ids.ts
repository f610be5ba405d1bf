import { randomBytes } from 'node:crypto';

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
    counter = randomBytes(3).readUIntBE(0, 3) & 0x7fffff;
  }
  counter = (counter + 1) & 0xffffff;
  return (
    second.toString(16).padStart(8, '0') +
    counter.toString(16).padStart(6, '0') +
    randomBytes(5).toString('hex')
  );
}
