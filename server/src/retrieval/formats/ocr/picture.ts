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

/** The picture as a file (PGM): nothing has to be packed and unpacked for it. */
export function fileOf({ width, height, grey }: Picture): Buffer {
  return Buffer.concat([Buffer.from(`P5\n${width} ${height}\n255\n`), grey]);
}

/** Steps of brightness between neighbours that are the edge of a letter rather than a shade. */
const edge = 48;

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
  const stripHeight = Math.min(height, Math.max(100, Math.round(height * share)));
  let edges = 0;
  let best = { from: 0, edges: -1 };
  for (let y = 0; y < height; y += 1) {
    edges += (rows[y] ?? 0) - (y >= stripHeight ? (rows[y - stripHeight] ?? 0) : 0);
    if (y >= stripHeight - 1 && edges > best.edges) best = { from: y - stripHeight + 1, edges };
  }
  const from = best.from * width;
  return { width, height: stripHeight, grey: grey.subarray(from, from + stripHeight * width) };
}
