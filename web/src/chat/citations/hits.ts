/** Letters and digits alone: what a page and the text that was read from it have in common. */
const bare = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '');

/**
 * Which pieces of the text of a page belong to a passage. The two never agree letter by letter (hyphens, columns, marks
 * of Markdown), so that each short run of characters that both have counts, and a piece belongs when most of it does.
 */
export function hitPieces(pieces: readonly string[], passage: string): Set<number> {
  const wanted = bare(passage);
  const isHan = /\p{Script=Han}/u.test(wanted);
  const length = Math.min(isHan ? 6 : 14, wanted.length);
  if (length === 0) return new Set();
  const runs = new Set<string>();
  for (let at = 0; at + length <= wanted.length; at += 1) runs.add(wanted.slice(at, at + length));
  let page = '';
  const owner: number[] = [];
  pieces.forEach((piece, index) => {
    const text = bare(piece);
    page += text;
    for (let i = 0; i < text.length; i += 1) owner.push(index);
  });
  const covered = new Uint8Array(page.length);
  for (let at = 0; at + length <= page.length; at += 1)
    if (runs.has(page.slice(at, at + length))) covered.fill(1, at, at + length);
  const sums = new Map<number, { all: number; hit: number }>();
  owner.forEach((index, at) => {
    const sum = sums.get(index) ?? { all: 0, hit: 0 };
    sums.set(index, { all: sum.all + 1, hit: sum.hit + (covered[at] ?? 0) });
  });
  return new Set([...sums].flatMap(([index, { all, hit }]) => (hit / all >= 0.6 ? [index] : [])));
}
