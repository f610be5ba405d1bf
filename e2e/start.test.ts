import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { command, startServer } from './lib/server.ts';

const folder = mkdtempSync(join(tmpdir(), 'lectern-start-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const main = 'server/src/main.ts';

/** What a start that must fail says. */
const refusal = (args: string[], locale = 'C') =>
  command([main, ...args], { OLLAMA_URL: 'off', LC_ALL: locale }).then(
    (output) => `it did not fail: ${output}`,
    (error: Error) => error.message,
  );

test('a port that is taken is named, and costs no secret that is shown once', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const address = other.address();
  const port = typeof address === 'object' && address ? String(address.port) : '';
  const dataDir = join(folder, 'taken');
  expect(await refusal(['--port', port, '--data', dataDir])).toContain(`Port ${port} on 127.0.0.1 is taken.`);
  expect(await refusal(['--port', port, '--data', dataDir], 'zh_CN.UTF-8')).toContain(
    `127.0.0.1 的端口 ${port} 已被占用`,
  );
  other.close();
  const server = await startServer([], { dataDir });
  await server.stop();
  expect(server.message).toMatch(/Password +\S{10,} .*shown only now/);
  expect(server.message).toContain('Bearer fastgpt-');
});

test('a second server on the same directory is told who has it', async () => {
  const dataDir = join(folder, 'shared');
  const first = await startServer(['--no-demo'], { dataDir });
  try {
    expect(await refusal(['--port', '0', '--data', dataDir])).toContain(first.url);
  } finally {
    await first.stop();
  }
});

test('--host says where to listen, and --no-demo leaves the demo out', async () => {
  const server = await startServer(['--host', '0.0.0.0', '--no-demo']);
  await server.stop();
  expect(server.message).toContain('Lectern is running at http://localhost:');
  expect(server.message).not.toContain('curl');
});

test.each([
  ['C', ['--prot', '1'], 'Unknown option --prot.'],
  ['zh_CN.UTF-8', ['--prot', '1'], '未知选项 --prot。'],
  ['C', ['--port', 'abc'], 'These settings are not valid:\n  PORT: '],
  ['zh_CN.UTF-8', ['--port', 'abc'], '以下设置无效：\n  PORT: 无效输入'],
])(
  'what is wrong with the command line is said in the language of the terminal: %s %j',
  async (locale, args, text) => {
    expect(await refusal(args, locale)).toContain(text);
  },
);
