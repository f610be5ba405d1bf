import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createLogger } from '../../../server/src/kernel/logger.ts';
import { makePages, type TextAt } from '../../../server/src/retrieval/formats/fixtures.ts';
import { scannedPdf, scanOf } from '../../../server/src/retrieval/formats/fixtures-scans.ts';
import { createDocumentParser } from '../../../server/src/retrieval/parser.ts';
import { childrenMb } from './process-tree.ts';
import { passage, randomFrom } from './text.ts';

/** How quickly documents are read by the processes that read them for the server, their start and all included. */
export interface ReadingSpeed {
  textPages: number;
  pagesPerSecond: number;
  scannedPages: number;
  secondsPerScan: number;
  /** Most memory of those processes together, in MB. */
  peakMb: number;
}

const linesOfPage = 45;

function textPdf(pages: number): Uint8Array {
  const random = randomFrom(41);
  const line = (n: number): TextAt => [50, 750 - n * 15, 10, passage(random).slice(0, 80)];
  return makePages(
    Array.from({ length: pages }, () => Array.from({ length: linesOfPage }, (_, n) => line(n))),
  );
}

function scans(pages: number): Uint8Array {
  const random = randomFrom(42);
  const lines = () => Array.from({ length: 34 }, () => passage(random).slice(0, 60));
  return scannedPdf(Array.from({ length: pages }, () => scanOf(lines())));
}

/** Reads a PDF of text and one of scans, both made here, in a directory for temporary files. */
export async function measureReading(
  directory: string,
  { textPages = 300, scannedPages = 6 } = {},
): Promise<ReadingSpeed> {
  const parser = createDocumentParser({ tempDir: directory, log: createLogger('silent') });
  let peakMb = 0;
  const timer = setInterval(() => {
    peakMb = Math.max(peakMb, childrenMb(process.pid));
  }, 100);
  const seconds = async (name: string, content: Uint8Array): Promise<number> => {
    const path = join(directory, name);
    await writeFile(path, content);
    const began = performance.now();
    const { markdown } = await parser.parse({ name, path }, { signal: new AbortController().signal });
    // A reading that gave nothing would be quick.
    if (markdown.length < 1000) throw new Error(`${name} was read as almost nothing`);
    return (performance.now() - began) / 1000;
  };
  try {
    const text = await seconds('speed.pdf', textPdf(textPages));
    const scanned = await seconds('scans.pdf', scans(scannedPages));
    return {
      textPages,
      pagesPerSecond: textPages / text,
      scannedPages,
      secondsPerScan: scanned / scannedPages,
      peakMb,
    };
  } finally {
    clearInterval(timer);
    await parser.close();
  }
}
