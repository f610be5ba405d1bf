import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startServer } from './lib/server.ts';

const password = 'canary-password-4711';
const prompt = 'canary-question about the blue heron';
const hash = createHash('sha256').update(password).digest('hex');

test('logs are one JSON line per event with the request id, and hold no prompt, key or password', async () => {
  const server = await startServer(['--no-demo'], { env: { DEFAULT_ROOT_PSW: password } });
  const requestIds: string[] = [];
  let sessionToken = '';
  const call = async (method: string, path: string, body?: unknown, key?: string) => {
    const response = await fetch(server.url + path, {
      method,
      headers: {
        'content-type': 'application/json',
        ...(sessionToken && { token: sessionToken }),
        ...(key && { authorization: `Bearer ${key}` }),
      },
      body: body === undefined ? null : JSON.stringify(body),
    });
    requestIds.push(response.headers.get('x-request-id') ?? '');
    return (await response.json()) as { data: never; choices?: unknown };
  };
  try {
    const { code } = (await call('GET', '/api/support/user/account/preLogin?username=root')).data;
    const login = { username: 'root', password: hash, code };
    sessionToken = (
      (await call('POST', '/api/support/user/account/loginByPassword', login)).data as { token: string }
    ).token;
    const simple = { prompt: 'canary-system-prompt', datasets: [] };
    const appId = (await call('POST', '/api/core/app/create', { name: 'Canary', type: 'simple', simple }))
      .data;
    const key: string = (await call('POST', '/api/support/openapi/create', { name: 'k', appId })).data;
    const messages = [{ role: 'user', content: prompt }];
    const answer = await call('POST', '/api/v1/chat/completions', { chatId: 'c', messages }, key);
    expect(answer.choices).toBeDefined();
    await call('GET', `/api/support/openapi/health?apiKey=${key}`);
    await call(
      'POST',
      '/api/v1/chat/completions',
      { messages: [{ role: 'user', content: prompt }] },
      `${key}x`,
    );

    const logged = () =>
      server
        .output()
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map((line) => (JSON.parse(line) as { requestId?: string }).requestId);
    await expect.poll(logged, { timeout: 5_000 }).toEqual(expect.arrayContaining(requestIds));
    const secrets = [password, hash, prompt, 'canary', key, key.slice(8, 40), sessionToken, code];
    for (const secret of secrets) expect(server.output(), secret).not.toContain(secret);
  } finally {
    await server.stop();
  }
});

test('a second start prints no secret, and a known default password is called one', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'lectern-e2e-'));
  const options = { dataDir, env: { DEFAULT_ROOT_PSW: '1234' } };
  const first = await startServer([], options);
  await first.stop();
  expect(first.message).toContain('the first login has to change it');
  expect(first.message).toMatch(/fastgpt-\w{40}/);
  const second = await startServer([], options);
  await second.stop();
  expect(second.message).toContain('Lectern is running');
  expect(second.message).not.toMatch(/Password|fastgpt-\w{20}/);
  rmSync(dataDir, { recursive: true, force: true });
});
