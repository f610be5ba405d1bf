import { makePages } from '../../../server/src/retrieval/formats/fixtures.ts';
import { passage, randomFrom } from './text.ts';

/** A file to upload. */
export interface BenchFile {
  name: string;
  content: string | Uint8Array<ArrayBuffer>;
}

const megabyte = 1_000_000;

/** Repeats what `part` makes until there are so many characters. */
function fill(length: number, part: (n: number) => string): string {
  const parts: string[] = [];
  for (let size = 0, n = 0; size < length; n++) {
    const text = part(n);
    parts.push(text);
    size += text.length;
  }
  return parts.join('');
}

/** A table of customers with a note each; always the same for the same seed. */
export function csvOf(bytes: number, seed: number): string {
  const random = randomFrom(seed);
  const row = (n: number) =>
    `${n},"Customer ${n}",${Math.floor(random() * 1e6)},"${passage(random).slice(0, 160).replaceAll('"', "'")}"\n`;
  return `id,name,revenue,note\n${fill(bytes, row)}`;
}

const makers: [string, (bytes: number, seed: number) => BenchFile['content']][] = [
  [
    'md',
    (bytes, seed) => {
      const random = randomFrom(seed);
      return fill(bytes, (n) => `${n % 8 === 0 ? `# Chapter ${n / 8}\n\n` : ''}${passage(random)}\n\n`);
    },
  ],
  [
    'html',
    (bytes, seed) => {
      const random = randomFrom(seed);
      const body = fill(bytes, (n) => `<h2>Section ${n}</h2><p>${passage(random)}</p>\n`);
      return `<!doctype html><html><head><title>Page ${seed}</title></head><body><main>${body}</main></body></html>`;
    },
  ],
  [
    'txt',
    (bytes, seed) => {
      const random = randomFrom(seed);
      return fill(bytes, () => `${passage(random)}\n\n`);
    },
  ],
  ['csv', csvOf],
  [
    'pdf',
    (bytes, seed) => {
      const random = randomFrom(seed);
      // Pages of 45 lines, some 4,000 bytes each.
      const pages = Array.from({ length: Math.ceil(bytes / 4_000) }, () =>
        Array.from({ length: 45 }, (_, i): [number, number, number, string] => [
          50,
          750 - i * 15,
          10,
          passage(random).slice(0, 80),
        ]),
      );
      return new Uint8Array(makePages(pages));
    },
  ],
];

/** Files of 1 MB in turn of several formats, so many bytes in all. */
export function* mixedDocuments(bytes: number): Generator<BenchFile> {
  for (let done = 0, n = 0; done < bytes; n++) {
    const [extension, make] = makers[n % makers.length] ?? makers[0] ?? [];
    if (!make) return;
    const content = make(Math.min(megabyte, bytes - done), 1000 + n);
    done += content.length;
    yield { name: `document ${n}.${extension}`, content };
  }
}
