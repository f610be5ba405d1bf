import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Block, paste, runnableBlocks } from './lib/documents.ts';
import { freePort, root, startServer } from './lib/server.ts';

/*
 * The way from the embedded store to PostgreSQL, as the operator's guide prints it. It installs packages and makes a
 * database cluster of the system, so it runs only where TEST_SYSTEM says that it may: .ci/run does.
 */
const allowed = process.env.TEST_SYSTEM === '1';
if (!allowed)
  console.warn('the commands of docs/operate.md change the system: not run without TEST_SYSTEM=1');

const folder = mkdtempSync(join(tmpdir(), 'lectern-operate-'));
const app = join(folder, 'app');
const bin = join(folder, 'bin');
let group = 0;

/** The tree as it is, with the packages that are installed. */
function copyTree(): void {
  mkdirSync(app);
  const archive = execFileSync(
    'bash',
    ['-c', 'git ls-files -z --cached --others --exclude-standard | tar --null -T - -c'],
    {
      cwd: root,
      maxBuffer: 2 ** 28,
    },
  );
  execFileSync('tar', ['-x', '-C', app], { input: archive });
  symlinkSync(join(root, 'node_modules'), join(app, 'node_modules'));
}

/** Where everything is done by root already, `sudo` need not be installed. */
function provideSudo(): void {
  mkdirSync(bin);
  const file = join(bin, 'sudo');
  writeFileSync(
    file,
    '#!/bin/bash\nif [ "$1" = -u ]; then user=$2; shift 2; exec runuser -u "$user" -- "$@"; fi\nexec "$@"\n',
  );
  chmodSync(file, 0o755);
}

function removeCluster(): void {
  const clusters = execFileSync('bash', [
    '-c',
    `pg_lsclusters -h 2>/dev/null | awk '$2 == "lectern" { print $1 }'`,
  ]);
  for (const version of clusters.toString().split('\n').filter(Boolean)) {
    execFileSync('pg_dropcluster', ['--stop', version, 'lectern']);
  }
}

test('the guide prints the same commands in both languages', () => {
  const commands = (document: string) =>
    runnableBlocks(document).map(({ code, expected }) => [code, expected]);
  expect(commands('docs/operate.md').length).toBeGreaterThan(4);
  expect(commands('docs/operate.zh-CN.md')).toEqual(commands('docs/operate.md'));
});

test('the metrics that the guide names exist', async () => {
  const server = await startServer();
  // A first answer, so that everything has been counted once.
  await fetch(`${server.url}/api/health/ready`);
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  await server.stop();
  const named = new Set(
    ['docs/operate.md', 'docs/operate.zh-CN.md'].flatMap((document) =>
      [
        ...readFileSync(join(root, document), 'utf8').matchAll(
          /`((?:lectern|nodejs)_[a-z0-9_]+)(?:\{[^`]*)?`/g,
        ),
      ].map(([, name = '']) => name),
    ),
  );
  expect(named.size).toBeGreaterThan(3);
  for (const name of named) expect(metrics).toContain(`# TYPE ${name} `);
});

describe.skipIf(!allowed)('docs/operate.md', () => {
  let key = '';
  beforeAll(async () => {
    copyTree();
    if (process.getuid?.() === 0) provideSudo();
    const server = await startServer([], { dataDir: join(app, 'data') });
    key = /fastgpt-[A-Za-z0-9]{20,}/.exec(server.message)?.[0] ?? '';
    await server.stop();
  }, 120_000);
  afterAll(() => {
    if (group > 0) {
      try {
        process.kill(-group, 'SIGKILL');
      } catch {
        // All of them have ended.
      }
    }
    removeCluster();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  test('its commands lead from the embedded store to two processes on PostgreSQL, and one of them can go', async () => {
    const ports = { 3000: await freePort(), 3001: await freePort(), 3002: await freePort() };
    const onFreePorts = (text: string) =>
      Object.entries(ports).reduce((all, [port, free]) => all.replaceAll(port, String(free)), text);
    const printed = runnableBlocks('docs/operate.md');
    const ask: Block = {
      document: 'this test',
      line: 0,
      code: `curl -fsS http://127.0.0.1:3000/api/v1/chat/completions -H "Authorization: Bearer ${key}" -H 'content-type: application/json' -d '{"detail":true,"messages":[{"role":"user","content":"Which two kinds of API key are there?"}]}'\n`,
      expected: 'quoteList',
    };
    const blocks = [...printed, ask];
    const { outputs, code } = await paste(
      blocks.map((block) => ({ ...block, code: onFreePorts(block.code) })),
      {
        cwd: app,
        env: {
          ...process.env,
          PATH: `${bin}:${process.env.PATH}`,
          DEBIAN_FRONTEND: 'noninteractive',
          OLLAMA_URL: 'off',
        },
        onStart: (pid) => {
          group = pid;
        },
      },
    );
    for (const [index, { document, line, expected }] of blocks.entries()) {
      expect(outputs[index] ?? '', `${document}:${line}`).toContain(expected ?? '');
    }
    expect(code).toBe(0);
  }, 240_000);
});
