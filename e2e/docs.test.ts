import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Block, paste, runnableBlocks } from './lib/documents.ts';
import { command, type StartedServer, startServer } from './lib/server.ts';

const key = /fastgpt-[A-Za-z0-9]{20,}/;
let server: StartedServer;
let keys: { GLOBAL_KEY: string; APP_KEY: string; ROOT_PASSWORD: string };
const folder = mkdtempSync(join(tmpdir(), 'lectern-docs-'));

beforeAll(async () => {
  server = await startServer();
  const made = await command(
    ['server/src/cli/main.ts', 'keys', 'create', '--name', 'documents', '--scope', 'apps:write'],
    {
      DATA_DIR: server.dataDir,
    },
  );
  keys = {
    GLOBAL_KEY: key.exec(made)?.[0] ?? '',
    APP_KEY: key.exec(server.message)?.[0] ?? '',
    ROOT_PASSWORD: /Password\s+(\S+)/.exec(server.message)?.[1] ?? '',
  };
});
afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const run = (blocks: Block[]) =>
  paste(
    blocks.map((block) => ({ ...block, code: block.code.replaceAll('http://localhost:3000', server.url) })),
    {
      cwd: folder,
      env: { ...process.env, ...keys, LECTERN: server.url },
      before: 'curl() { command curl -sS "$@"; }',
    },
  );

const documents = [
  'README.md',
  'README.zh-CN.md',
  'docs/guide.md',
  'docs/guide.zh-CN.md',
  'docs/knowledge-for-developers.md',
  'docs/knowledge-for-developers.zh-CN.md',
];

describe.each(documents)('%s', (document) => {
  test('its commands work as printed', async () => {
    const blocks = runnableBlocks(document);
    expect(blocks.length).toBeGreaterThan(0);
    const { outputs, code } = await run(blocks);
    for (const [index, { line, expected }] of blocks.entries()) {
      const output = outputs[index] ?? '';
      expect(output.trim(), `${document}:${line} printed nothing`).not.toBe('');
      if (expected) expect(output, `${document}:${line}`).toContain(expected);
    }
    expect(code).toBe(0);
  });
});

test('the first start prints everything that is needed to begin', () => {
  expect(server.message).toContain(`${server.url}/openapi`);
  expect(server.message).toMatch(/Password\s+\S{8,}/);
  expect(server.message).toContain(`curl ${server.url}/api/v1/chat/completions`);
  expect(keys.APP_KEY).toMatch(key);
});

test('the curl line of the first start answers from documents, as printed', async () => {
  const line = /^curl [\s\S]*?'\{[\s\S]*?\}'$/m.exec(server.message)?.[0] ?? '';
  const { outputs } = await run([{ document: 'start', line: 0, code: line, expected: undefined }]);
  const answer = JSON.parse(outputs[0] ?? '');
  expect(answer.choices[0].message.content).toMatch(/global key[\s\S]*app key/i);
  expect(JSON.stringify(answer.responseData)).toContain('"sourceName":"guide.md"');
});

test('the curl lines of the API reference are well-formed: each reaches its route, and the route takes it', async () => {
  const document = (await (await fetch(`${server.url}/openapi.json`)).json()) as {
    paths: Record<string, Record<string, { operationId: string; 'x-codeSamples': { source: string }[] }>>;
  };
  writeFileSync(join(folder, 'notes.md'), '# Notes\n');
  // One white dot.
  const dot = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAG7buVgAAAABJRU5ErkJggg==';
  writeFileSync(join(folder, 'photo.png'), Buffer.from(dot, 'base64'));
  const samples = Object.values(document.paths)
    .flatMap((methods) => Object.values(methods))
    .map(({ operationId, 'x-codeSamples': [sample] }) => ({ operationId, code: sample?.source ?? '' }));
  expect(samples.length).toBeGreaterThan(50);
  const { outputs } = await run(
    samples.map(({ operationId, code }) => ({
      document: 'reference',
      line: 0,
      code: `export LECTERN_KEY=$GLOBAL_KEY LECTERN_SESSION=none\n${code.replace(/^curl /, `curl -o ${operationId}.txt -w '%{http_code}' `)}`,
      expected: undefined,
    })),
  );
  for (const [index, { operationId, code }] of samples.entries()) {
    const status = Number(outputs[index]?.trim());
    const answer = readFileSync(join(folder, `${operationId}.txt`), 'utf8');
    // The ids of the examples are nobody's, the session is none, the app that a global key has to name is missing, and
    // the file that is sent is no archive and no table.
    const refusals =
      /"appUnExist"|"unExist\w+"|"openapiUnExist"|"unAuth\w+"|There is no model or app|names? an app|login code|cannot be restored|q,a,indexes/;
    if (status !== 200) {
      // What is not there is a 404 that says so; a route that is not there names the nearest one.
      if (status === 404) expect(answer, code).not.toContain('All endpoints');
      else expect(`${status} ${answer}`, code).toMatch(refusals);
      expect(answer, code).not.toContain('zodError');
    }
  }
});
