import { workerData } from 'node:worker_threads';
import { giveWay } from '../../kernel/worker/give-way.ts';
import { serve } from '../../kernel/worker/serve.ts';
import { type IndexReader, openIndexReader } from '../../store/search-index/read.ts';
import { fitText } from '../fit.ts';
import type { AnalysedDocument, IndexDocument } from '../ports.ts';
import { createAnalyser } from '../terms.ts';
import { createTokenCounter } from '../tokens.ts';
import { loadChineseTools } from './chinese.ts';
import type { SearchCalls } from './protocol.ts';

/*
 * The thread that searches, and a second one that analyses what is brought in. Everything dear is loaded at its first use: an installation without Chinese text never
 * pays for the dictionary.
 */

const { indexPath, background } = workerData as { indexPath?: string; background?: boolean };
// On Linux a priority is that of a thread.
if (background && process.platform === 'linux') giveWay();
const analyser = createAnalyser(loadChineseTools);
const count = createTokenCounter();
let reader: IndexReader | undefined;

/** A first line this short, followed by more, is a heading in all but name and counts as title. */
const longestHeading = 120;

function firstLine(text: string): string {
  const end = text.indexOf('\n');
  return end > 0 && end <= longestHeading ? text.slice(0, end) : '';
}

function analyse(document: IndexDocument): AnalysedDocument {
  const [main = '', ...others] = document.texts;
  const heading = firstLine(main);
  const title = analyser.documentTerms(`${document.title}\n${heading}`);
  const body = analyser.documentTerms([main.slice(heading.length), ...others].join('\n'));
  return {
    dataId: document.dataId,
    datasetId: document.datasetId,
    collectionId: document.collectionId,
    titleTerms: title.terms.join(' '),
    bodyTerms: body.terms.join(' '),
    exactTerms: [...title.exact, ...body.exact].join(' '),
    tokens: document.tokens ?? document.texts.reduce((sum, text) => sum + count(text), 0),
  };
}

serve({
  analyse: (documents: SearchCalls['analyse']['input']) => documents.map(analyse),
  search: (input: SearchCalls['search']['input']) => {
    const terms = analyser.queryTerms(input.query);
    if (terms.length === 0 || indexPath === undefined) return [];
    reader ??= openIndexReader(indexPath);
    return reader.search({ ...input, terms });
  },
  terms: (query: string) => analyser.queryTerms(query),
  count: (texts: SearchCalls['count']['input']) => texts.map(count),
  fit: (texts: SearchCalls['fit']['input']) => texts.map((text) => fitText(text, count)),
});
