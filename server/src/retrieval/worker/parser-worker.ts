import { splitDocument } from '../chunkers/index.ts';
import { readDocument } from '../formats/index.ts';
import { createTokenCounter } from '../tokens.ts';
import type { ParserCalls } from './protocol.ts';
import { serve } from './serve.ts';

/* The process that reads files and splits texts. It is started on demand and ended when idle. */

const count = createTokenCounter();

serve({
  parse: (file: ParserCalls['parse']['input'], progress) => readDocument(file, progress),
  chunk: ({ markdown, settings }: ParserCalls['chunk']['input']) => splitDocument(markdown, settings, count),
});
