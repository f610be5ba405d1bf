import { afterEach, expect, it } from 'vitest';
import { refuse, startUpstream } from '../testing/upstream.ts';
import { createProviderClient, type ProviderKind } from './provider.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

it.each<[ProviderKind, string, string]>([
  ['openai', 'authorization', 'Bearer canary-4711'],
  ['ollama', 'authorization', 'Bearer canary-4711'],
  ['anthropic', 'x-api-key', 'canary-4711'],
  ['gemini', 'x-goog-api-key', 'canary-4711'],
])('%s gets its credential as %s and nowhere else, and no error repeats it', async (kind, header, value) => {
  const upstream = await startUpstream(({ response }) =>
    refuse(response, 401, 'the credential canary-4711 is wrong'),
  );
  const client = createProviderClient({
    kind,
    baseUrl: upstream.url,
    credential: 'canary-4711',
    timeoutMs: 2000,
  });
  closers.push(upstream.close, () => client.close());
  const call = { method: 'GET' as const, path: '/models', model: 'm', signal: new AbortController().signal };
  const failed = await client.json(call).catch((error: unknown) => error);
  expect(String(failed)).toContain('HTTP 401');
  expect(String(failed)).not.toContain('canary-4711');
  const { headers, path } = upstream.calls[0] ?? { headers: {}, path: '' };
  const carriers = Object.entries(headers).filter(([, text]) => String(text).includes('canary-4711'));
  expect(carriers).toEqual([[header, value]]);
  expect(path).toBe('/v1/models');
});
