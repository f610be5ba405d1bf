import { serve } from '../../kernel/worker/serve.ts';
import { splitDocument } from '../chunkers/index.ts';
import { createTokenCounter } from '../tokens.ts';
import type { ParserCalls } from './protocol.ts';

/* The process that reads files or splits texts, or both. It is started on demand and ended when idle. */

const count = createTokenCounter();

serve({
  // Loaded at the first file only: who splits texts needs none of it.
  parse: async ({ tempDir, ...file }: ParserCalls['parse']['input'], progress) => {
    const { readDocument } = await import('../formats/index.ts');
    if (tempDir === undefined) return await readDocument(file, progress);
    const { createTextReader } = await import('../formats/ocr/reader.ts');
    const reader = createTextReader(tempDir);
    try {
      return await readDocument({ ...file, reader }, progress);
    } finally {
      await reader.close();
    }
  },
  rows: async (file: ParserCalls['rows']['input']) => {
    const { readRows } = await import('../formats/csv-rows.ts');
    return readRows(file);
  },
  sitemap: async (path: ParserCalls['sitemap']['input']) => {
    const { readSitemap } = await import('../formats/sitemap.ts');
    return readSitemap(path);
  },
  chunk: ({ markdown, settings }: ParserCalls['chunk']['input']) => splitDocument(markdown, settings, count),
});
