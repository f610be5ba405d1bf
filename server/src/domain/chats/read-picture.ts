import { isAllowedHost } from '@lectern/contract/allowed-hosts.ts';
import type { ChatConfig } from '@lectern/contract/workflow.ts';
import { fail } from '../../kernel/errors.ts';
import { fromJson } from '../../store/json.ts';
import { loadRunnableApp } from '../apps/load-runnable-app.ts';
import { requireAppWithDraft } from '../apps/queries.ts';
import type { App, Caller } from '../context.ts';
import { typeOfBytes } from '../files/picture-type.ts';

const mostBytes = 5_000_000;

/** A picture on its way to who reads an answer. */
export interface AnswerPicture {
  contentType: string;
  headers: Record<string, string>;
  body: Buffer;
}

/**
 * Fetches a picture that an answer names, where the app allows its host. Its first bytes say what it is: never a type
 * that could act in the name of this server. Throws appNotFound, hostNotAllowed, notAPicture, and what fetching throws.
 */
export async function readAnswerPicture(
  app: Pick<App, 'store' | 'outbound'>,
  caller: Caller,
  input: { appId: string; url: string },
  signal: AbortSignal,
): Promise<AnswerPicture> {
  const url = URL.parse(input.url);
  const hosts = await allowedHosts(app, caller.teamId, input.appId);
  if (!url || !isAllowedHost(url, hosts))
    throw fail('hostNotAllowed', { params: { host: url?.host ?? '' }, param: 'url' });
  const answer = await app.outbound.fetch(url.href, {
    ...{ signal, maxBytes: mostBytes, maxRedirects: 0 },
    headers: { accept: 'image/png, image/jpeg, image/gif, image/webp' },
  });
  if (answer.status !== 200) {
    throw fail('addressAnswered', {
      params: { url: url.origin, status: answer.status, words: '' },
      param: 'url',
    });
  }
  const contentType = typeOfBytes(answer.body.toString('latin1', 0, 16));
  if (!contentType) throw fail('notAPicture', { params: { name: url.host }, param: 'url' });
  return {
    contentType,
    body: answer.body,
    headers: {
      'content-security-policy': "default-src 'none'; sandbox",
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'private, max-age=3600',
    },
  };
}

/** Those of what is published and of the draft: who writes an app sees it as it will be. */
async function allowedHosts(app: Pick<App, 'store'>, teamId: string, appId: string): Promise<string[]> {
  const { document } = await loadRunnableApp(app, teamId, appId);
  const draft = await requireAppWithDraft(app.store.db, teamId, appId);
  const configs = [document.chatConfig, fromJson<ChatConfig>(draft.chatConfig, {})];
  return configs.flatMap(({ allowedHosts: hosts }) =>
    Array.isArray(hosts) ? hosts.filter((host) => typeof host === 'string') : [],
  );
}
