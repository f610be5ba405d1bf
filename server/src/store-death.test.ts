import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';

it('a server whose store is gone ends with an error and says why, so that a supervisor starts it again', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'lectern-death-'));
  const preload = join(import.meta.dirname, 'store/sqlite/fixtures/end-store.ts');
  const args = ['--import', preload, join(import.meta.dirname, 'main.ts')];
  const child = spawn(process.execPath, [...args, '--port', '0', '--no-demo', '--data', dataDir], {
    env: { ...process.env, OLLAMA_URL: 'off', LOG_LEVEL: 'info' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const ended = once(child, 'exit');
    const logged: { level?: string; msg?: string }[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      if (!line.startsWith('{')) continue;
      logged.push(JSON.parse(line));
      if (logged.at(-1)?.msg === 'listening') child.kill('SIGUSR2');
    }
    expect(await ended).toEqual([1, null]);
    expect(logged).toContainEqual(
      expect.objectContaining({ level: 'error', msg: expect.stringContaining('the store is gone') }),
    );
  } finally {
    child.kill('SIGKILL');
    await rm(dataDir, { recursive: true, force: true });
  }
}, 30_000);
