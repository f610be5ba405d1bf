import type { Canvas } from '@napi-rs/canvas';

/** A picture in shades of grey, a byte for each of its points, row by row. */
export interface Picture {
  width: number;
  height: number;
  grey: Uint8Array;
}

/** What is drawn on a canvas. */
export function pictureOf(canvas: Canvas): Picture {
  const { width, height } = canvas;
  const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
  const grey = new Uint8Array(width * height);
  for (let i = 0, at = 0; i < grey.length; i += 1, at += 4) {
    grey[i] = ((data[at] ?? 0) * 77 + (data[at + 1] ?? 0) * 151 + (data[at + 2] ?? 0) * 28) >> 8;
  }
  return { width, height, grey };
}

/** The picture with `scale` times as many points along each side, each mixed of those that it lies between. */
export function enlarged({ width, height, grey }: Picture, scale: number): Picture {
  const [wide, high] = [Math.round(width * scale), Math.round(height * scale)];
  const [columns, rows] = [between(width, wide), between(height, high)];
  const larger = new Uint8Array(wide * high);
  for (const [y, [above, below, down]] of rows.entries()) {
    const [upper, lower] = [above * width, below * width];
    for (const [x, [left, right, across]] of columns.entries()) {
      const top = mix(grey[upper + left] ?? 0, grey[upper + right] ?? 0, across);
      const bottom = mix(grey[lower + left] ?? 0, grey[lower + right] ?? 0, across);
      larger[y * wide + x] = Math.round(mix(top, bottom, down));
    }
  }
  return { width: wide, height: high, grey: larger };
}

const mix = (a: number, b: number, share: number): number => a + (b - a) * share;

/** For each of `to` points the two of `from` that it lies between, and how near it is to the second. */
function between(from: number, to: number): [first: number, second: number, share: number][] {
  return Array.from({ length: to }, (_, i) => {
    const at = Math.min(from - 1, Math.max(0, ((i + 0.5) * from) / to - 0.5));
    const first = Math.floor(at);
    return [first, Math.min(from - 1, first + 1), at - first];
  });
}

/** The picture as a file (PGM): nothing has to be packed and unpacked for it. */
export function fileOf({ width, height, grey }: Picture): Buffer {
  return Buffer.concat([Buffer.from(`P5\n${width} ${height}\n255\n`), grey]);
}

/** Steps of brightness between neighbours that are the edge of a letter rather than a shade. */
const edge = 48;

/** No strip of a picture is less high, in points: some lines of text. */
const leastStrip = 240;

/** The part over the whole width, `share` of the height, in which most edges of letters are. */
export function busiestStrip({ width, height, grey }: Picture, share: number): Picture {
  const rows = new Uint32Array(height);
  for (let y = 0; y < height; y += 1) {
    let edges = 0;
    const start = y * width;
    for (let x = 1; x < width; x += 1) {
      if (Math.abs((grey[start + x] ?? 0) - (grey[start + x - 1] ?? 0)) > edge) edges += 1;
    }
    rows[y] = edges;
  }
  const stripHeight = Math.min(height, Math.max(leastStrip, Math.round(height * share)));
  let edges = 0;
  let best = { from: 0, edges: -1 };
  for (let y = 0; y < height; y += 1) {
    edges += (rows[y] ?? 0) - (y >= stripHeight ? (rows[y - stripHeight] ?? 0) : 0);
    if (y >= stripHeight - 1 && edges > best.edges) best = { from: y - stripHeight + 1, edges };
  }
  const from = best.from * width;
  return { width, height: stripHeight, grey: grey.subarray(from, from + stripHeight * width) };
}
