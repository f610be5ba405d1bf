/** Text for tests, made from a seed. */

/** Numbers from 0 to 1, the same for the same seed. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Ranges of characters that differ in how they are cut and encoded. */
const ranges: [from: number, to: number][] = [
  [0x20, 0x7e],
  [0x61, 0x7a],
  [0x30, 0x39],
  [0x09, 0x0d],
  [0xc0, 0x17f],
  [0x410, 0x44f],
  [0x3041, 0x3096],
  [0xac00, 0xd7a3],
  [0x4e00, 0x9fa5],
  [0xe00, 0xe3a],
  [0x1f600, 0x1f64f],
  [0x2000, 0x206f],
];

/** So many stretches of characters, each of one range. */
export function makeText(random: () => number, stretches: number): string {
  let text = '';
  for (let i = 0; i < stretches; i += 1) {
    const [from, to] = ranges[Math.floor(random() * ranges.length)] ?? [0x61, 0x7a];
    const length = 1 + Math.floor(random() * 6);
    for (let k = 0; k < length; k += 1) {
      text += String.fromCodePoint(from + Math.floor(random() * (to - from + 1)));
    }
    if (random() < 0.4) text += ' ';
  }
  return text;
}
