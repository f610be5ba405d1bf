import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';

const runner = resolve(import.meta.dirname, 'run.mjs');
const folder = mkdtempSync(join(tmpdir(), 'lectern-run-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function script(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

async function run(
  args: string[],
  onOutput?: (output: string, pid: number) => void,
  options: { flags?: string[]; env?: Record<string, string> } = {},
) {
  const child = spawn(process.execPath, [...(options.flags ?? []), runner, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, LC_ALL: 'C', ...options.env },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
      onOutput?.(output, child.pid ?? 0);
    });
  }
  const [code] = await once(child, 'close');
  return { code, output };
}

test('runs TypeScript under the pinned Node with the arguments as given', async () => {
  const file = script(
    'show.ts',
    'const args: string[] = process.argv.slice(2);\nconsole.log(process.version, JSON.stringify(args));\n',
  );
  const { code, output } = await run([file, '--port', '8080', 'two words']);
  expect(output).toMatch(/^v24\.\d+\.\d+ \["--port","8080","two words"\]\n$/);
  expect(code).toBe(0);
});

test('passes the exit code on', async () => {
  expect((await run([script('fail.ts', 'process.exit(7);\n')])).code).toBe(7);
});

test('tells the child once to stop, however often it is told itself, and waits for it', async () => {
  const file = script(
    'slow.ts',
    `let told = 0;
process.on('SIGTERM', () => {
  told += 1;
  if (told === 1) setTimeout(() => { console.log('told', told); process.exit(3); }, 400);
});
setInterval(() => {}, 1000);
console.log('ready');
`,
  );
  let sent = false;
  const { code, output } = await run([file], (so, pid) => {
    if (sent || !so.includes('ready')) return;
    sent = true;
    process.kill(pid, 'SIGTERM');
    setTimeout(() => process.kill(pid, 'SIGTERM'), 100);
  });
  expect(output).toContain('told 1\n');
  expect(code).toBe(3);
});

test('runs the file again when what it imports changes', async () => {
  const file = script('watched.ts', "import { value } from './part.ts';\nconsole.log('value', value);\n");
  script('part.ts', 'export const value = 1;\n');
  // Written again and again: nobody says when the file is being watched.
  let changes: NodeJS.Timeout | undefined;
  const { output } = await run(['--watch', file], (so, pid) => {
    if (so.includes('value 2')) {
      clearInterval(changes);
      process.kill(pid, 'SIGTERM');
    } else if (so.includes('value 1')) {
      changes ??= setInterval(() => script('part.ts', 'export const value = 2;\n'), 500);
    }
  });
  expect(output).toContain('value 2\n');
});

test('says how it is used when no file is named', async () => {
  const { code, output } = await run([]);
  expect(output).toContain('Usage:');
  expect(code).toBe(1);
});

test.each([
  ['C', 'Lectern needs Node 20 or newer to start; this is v18.0.0.'],
  ['zh_CN.UTF-8', 'Lectern 需要 Node 20 或更高版本才能启动，当前版本为 v18.0.0。'],
])('says so when the Node of the machine is too old (%s)', async (locale, text) => {
  const old = script(
    'old.cjs',
    "Object.defineProperty(process.versions, 'node', { value: '18.0.0' });\nObject.defineProperty(process, 'version', { value: 'v18.0.0' });\n",
  );
  const { code, output } = await run(['x.ts'], undefined, {
    flags: ['--require', old],
    env: { LC_ALL: locale },
  });
  expect(output).toContain(text);
  expect(code).toBe(1);
});

test('npm signals the runner itself: no shell stands between that would die without passing the signal on', () => {
  const { scripts } = JSON.parse(readFileSync(resolve(import.meta.dirname, '../package.json'), 'utf8'));
  for (const script of Object.values(scripts)) expect(script).toMatch(/^exec node scripts\/run\.mjs /);
});
