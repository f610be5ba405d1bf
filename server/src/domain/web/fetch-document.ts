import { join } from 'node:path';
import type { Text } from '@lectern/contract/lang.ts';
import { fail } from '../../kernel/errors.ts';
import type { OutboundDownload, OutboundRequest } from '../../kernel/outbound.ts';
import { shownUrl } from '../../kernel/outbound-guard.ts';
import type { App, UploadedFile } from '../context.ts';
import { fileNameOf, givenName } from './file-name.ts';

/** How far a fetch may go. */
export interface FetchLimits {
  maxBytes: number;
  timeoutMs: number;
}

/** Web pages and what links lead to. */
export const pageLimits: FetchLimits = { maxBytes: 100e6, timeoutMs: 60_000 };
/** Files that somebody names by their address: as large as an upload. */
export const fileLimits: FetchLimits = { maxBytes: 500 << 20, timeoutMs: 900_000 };

/** A document fetched from the web: a file, and what the server said of it. */
export interface FetchedDocument {
  file: UploadedFile;
  /** The address that answered in the end. */
  url: string;
  /** How the server calls the file, when it says so. */
  given?: string;
  etag?: string;
  lastModified?: string;
}

const accept = 'text/html,application/xhtml+xml,text/plain;q=0.9,*/*;q=0.8';

/**
 * Fetches a document into a folder of the caller's, which removes it. `undefined` = it has not changed since the
 * validators given in `headers`. Throws addressForbidden, addressAnswered, addressTooLarge or addressFailed.
 */
export async function fetchDocument(
  app: Pick<App, 'outbound'>,
  address: string,
  folder: string,
  options: FetchLimits & Pick<OutboundRequest, 'signal' | 'headers'> & { name?: string | undefined },
): Promise<FetchedDocument | undefined> {
  const { name, headers, ...limits } = options;
  const path = join(folder, 'document');
  const answer = await app.outbound.download(address, path, { ...limits, headers: { accept, ...headers } });
  if (answer.status === 304) return undefined;
  requireSuccess(answer);
  const contentType = headerOf(answer, 'content-type') ?? '';
  const disposition = headerOf(answer, 'content-disposition');
  const given = givenName(disposition);
  const etag = headerOf(answer, 'etag');
  const lastModified = headerOf(answer, 'last-modified');
  return {
    file: {
      name: name ?? fileNameOf(answer.url, contentType, disposition),
      contentType,
      path,
      size: answer.size,
      hash: answer.hash,
    },
    url: answer.url,
    ...(given !== undefined && { given }),
    ...(etag !== undefined && { etag }),
    ...(lastModified !== undefined && { lastModified }),
  };
}

/** One header of an answer; the first of several. */
export function headerOf({ headers }: Pick<OutboundDownload, 'headers'>, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

const words: Record<number, Text> = {
  401: { en: ' (it wants a login)', zh: '（需要登录）' },
  403: { en: ' (it refuses access)', zh: '（拒绝访问）' },
  404: { en: ' (there is no such page)', zh: '（页面不存在）' },
  410: { en: ' (the page was removed)', zh: '（页面已移除）' },
};

/** Throws for every answer that is no document: addressFailed for those that may be one later. */
export function requireSuccess(answer: Pick<OutboundDownload, 'status' | 'headers' | 'url'>): void {
  const { status } = answer;
  if (status >= 200 && status < 300 && status !== 204) return;
  const url = shownUrl(new URL(answer.url));
  if (status >= 500 || [408, 425, 429].includes(status)) {
    const details = { en: `it answered with status ${status}`, zh: `返回状态 ${status}` };
    const retryAfter = Number(headerOf(answer, 'retry-after'));
    throw fail('addressFailed', {
      params: { url, details },
      upstreamStatus: status,
      ...(retryAfter > 0 && retryAfter <= 3600 && { retryAfter }),
    });
  }
  throw fail('addressAnswered', {
    params: { url, status, words: words[status] ?? '' },
    upstreamStatus: status,
  });
}
