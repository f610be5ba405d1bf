import { createHash } from 'node:crypto';
import type { WorkflowDocument } from '@lectern/contract/workflow.ts';
import { rootPassword } from './children.ts';
import { passage, randomFrom } from './text.ts';

/** Calls of the HTTP API, made as the logged-in root. Answers the `data` of the envelope. */
export interface Api {
  call<T>(method: 'GET' | 'POST', path: string, input?: Record<string, unknown>): Promise<T>;
  /** Sends a form with files. */
  upload<T>(path: string, form: FormData): Promise<T>;
}

/** Logs in as root. */
export async function logIn(url: string): Promise<Api> {
  const headers: Record<string, string> = {};
  const send = async (method: string, path: string, more: RequestInit): Promise<never> => {
    const answer = await fetch(`${url}/api${path}`, {
      ...more,
      method,
      headers: { ...headers, ...more.headers },
    });
    const body = (await answer.json()) as { data: never; message: string };
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${body.message}`);
    return body.data;
  };
  const api: Api = {
    call(method, path, input = {}) {
      if (method === 'GET')
        return send(method, `${path}?${new URLSearchParams(input as Record<string, string>)}`, {});
      return send(method, path, {
        body: JSON.stringify(input),
        headers: { 'content-type': 'application/json' },
      });
    },
    upload: (path, form) => send('POST', path, { body: form }),
  };
  const { code } = await api.call<{ code: string }>('GET', '/support/user/account/preLogin', {
    username: 'root',
  });
  const password = createHash('sha256').update(rootPassword).digest('hex');
  const { token } = await api.call<{ token: string }>('POST', '/support/user/account/loginByPassword', {
    username: 'root',
    password,
    code,
  });
  headers.token = token;
  return api;
}

/** Creates an app from its document; answers an app key for it. */
export async function createApp(api: Api, name: string, document: WorkflowDocument): Promise<string> {
  const { nodes, edges, chatConfig } = document;
  const appId = await api.call<string>('POST', '/core/app/create', {
    name,
    type: 'simple',
    modules: nodes,
    edges,
    chatConfig,
  });
  return api.call<string>('POST', '/support/openapi/create', { appId, name: `key of ${name}` });
}

/** Creates a dataset with so many chunks of generated text through pushData; answers its id. */
export async function fillDataset(api: Api, name: string, chunks: number, seed: number): Promise<string> {
  const datasetId = await api.call<string>('POST', '/core/dataset/create', { name });
  const collectionId = await api.call<string>('POST', '/core/dataset/collection/create', {
    datasetId,
    name: 'generated',
    type: 'virtual',
  });
  const random = randomFrom(seed);
  for (let done = 0; done < chunks; done += 200) {
    const data = Array.from({ length: Math.min(200, chunks - done) }, () => ({ q: passage(random) }));
    await api.call('POST', '/core/dataset/data/pushData', { collectionId, trainingType: 'chunk', data });
  }
  return datasetId;
}

/** Fails unless the app's answer rests on found passages: a bench of searches that find nothing would lie. */
export async function requireSources(url: string, key: string, question: string): Promise<void> {
  const answer = await fetch(`${url}/api/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ detail: true, messages: [{ role: 'user', content: question }] }),
  });
  const text = await answer.text();
  const { responseData = [] } = JSON.parse(text) as { responseData?: { quoteList?: unknown[] }[] };
  if (!responseData.some((node) => (node.quoteList?.length ?? 0) > 0)) {
    throw new Error(`the search found nothing for "${question}": ${answer.status} ${text.slice(0, 500)}`);
  }
}
