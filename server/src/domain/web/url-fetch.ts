import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { sourceEndpoints } from '@lectern/contract/collection-sources.ts';
import type { InputOf, OutputOf } from '@lectern/contract/endpoint.ts';
import type { Lang } from '@lectern/contract/lang.ts';
import { AppError } from '../../kernel/errors.ts';
import { readableMarkdown } from '../../kernel/pictures.ts';
import type { App, Caller } from '../context.ts';
import { authorize } from '../policy.ts';
import { fetchDocument } from './fetch-document.ts';

type Endpoint = typeof sourceEndpoints.urlFetch;
type Answer = OutputOf<Endpoint>;

const limits = { maxBytes: 20e6, timeoutMs: 30_000 };

/** Reads pages without storing anything; one that cannot be read says why and stops no other. */
export async function urlFetch(
  app: Pick<App, 'outbound' | 'parser' | 'tempDir'>,
  caller: Caller,
  { urlList, selector }: InputOf<Endpoint>,
  { lang, signal }: { lang: Lang; signal: AbortSignal },
): Promise<Answer> {
  authorize(caller, 'dataset:write');
  const wanted = selector?.trim() ? { selector: selector.trim() } : {};
  return await Promise.all(
    urlList.map(async (url): Promise<Answer[number]> => {
      const folder = await mkdtemp(join(app.tempDir, 'page-'));
      try {
        const found = await fetchDocument(app, url, folder, { ...limits, signal });
        if (!found) throw new Error('A page answered that it has not changed although nobody asked.');
        const { name, path, contentType } = found.file;
        const page = { url: found.url, ...wanted };
        const { title, markdown } = await app.parser.parse({ name, path, contentType, page }, { signal });
        return { url, title: title ?? '', content: readableMarkdown(markdown), ...wanted };
      } catch (error) {
        if (!(error instanceof AppError) || signal.aborted) throw error;
        return { url, title: '', content: '', ...wanted, error: error.text(lang) };
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    }),
  );
}
