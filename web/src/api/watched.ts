import { routes } from 'virtual:contract-routes';
import { createClient } from '@lectern/contract/client.ts';
import type { contract } from '@lectern/contract/contract.ts';
import { currentLang } from '../i18n/index.ts';
import { sessionEnded } from './session-ended.ts';

/**
 * The server's endpoints, of which each call says how much of it has been sent.
 * @param onSent told again and again, with a share from 0 to 1
 */
export const watchedApi = (onSent: (share: number) => void) =>
  createClient<typeof contract>(routes, {
    baseUrl: window.location.origin,
    lang: currentLang,
    onRefused: sessionEnded.learn,
    fetch: (address, init) => send(String(address), init ?? {}, onSent),
  });

/** What `fetch` does, which cannot say how far it is. */
function send(address: string, init: RequestInit, onSent: (share: number) => void): Promise<Response> {
  return new Promise((resolve, reject) => {
    const { signal } = init;
    if (signal?.aborted) return reject(signal.reason);
    const request = new XMLHttpRequest();
    request.open(init.method ?? 'GET', address);
    for (const [name, value] of new Headers(init.headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded, total }) => onSent(total > 0 ? loaded / total : 0);
    request.onload = () => {
      const requestId = request.getResponseHeader('x-request-id');
      const headers: Record<string, string> = requestId === null ? {} : { 'x-request-id': requestId };
      resolve(new Response(request.responseText || null, { status: request.status, headers }));
    };
    // As fetch says it.
    request.onerror = () => reject(new TypeError('Failed to fetch'));
    request.onabort = () => reject(signal?.reason);
    signal?.addEventListener('abort', () => request.abort());
    request.send(init.body as XMLHttpRequestBodyInit | null | undefined);
  });
}
