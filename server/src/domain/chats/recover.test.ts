import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadConfig } from '../../config.ts';
import { createLogger } from '../../kernel/logger.ts';
import { createProcesses } from '../../store/processes.ts';
import { openSqliteStore } from '../../store/sqlite/open.ts';
import { createKeyUsage } from '../keys/usage.ts';
import { ensureRoot } from '../users/ensure-root.ts';
import { listRecords } from './list-records.ts';
import { recoverInterruptedRuns } from './recover.ts';
import { chatWorld } from './test-world.ts';

const log = createLogger('silent');
let dataDir: string;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'lectern-crash-'));
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

async function open() {
  const store = await openSqliteStore({ dataDir, log });
  const config = loadConfig({ DATA_DIR: dataDir, DEFAULT_ROOT_PSW: 'a long first password' });
  const keyUsage = createKeyUsage({ store, log });
  const { caller } = await ensureRoot({ store, config });
  const close = async () => {
    await keyUsage.stop();
    await store.close();
  };
  const world = chatWorld({ app: { store, config, keyUsage } });
  const processes = createProcesses({ store, log, version: '0' });
  return { ...world, app: { ...world.app, processes }, caller, close };
}

it('a server killed in an answer leaves a record that says interrupted, with the text so far', async () => {
  const before = await open();
  const { caller } = before;
  const appId = await before.addApp(caller, 'Crashing');
  await before.close();

  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, 'interrupted-child.ts'), dataDir, JSON.stringify(caller), appId],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await once(child, 'exit');

  const after = await open();
  try {
    expect(await recoverInterruptedRuns(after.app)).toBe(1);
    const { list } = await listRecords(
      after.app,
      caller,
      { appId, chatId: 'crash' },
      { offset: 0, limit: 10 },
    );
    expect(list.map(({ item, values }) => [item.obj, values])).toEqual([
      ['Human', [{ type: 'text', text: { content: 'Will you finish?' } }]],
      ['AI', [{ type: 'text', text: { content: 'What was said before the crash' } }]],
    ]);
    expect(list[1]?.item).toMatchObject({ dataId: 'a', errorMsg: 'The server stopped during this answer.' });
    const { db } = after.app.store;
    expect(await db.selectFrom('runs').select(['status', 'error', 'model']).execute()).toEqual([
      { status: 'interrupted', error: 'interrupted', model: 'test-model-2026' },
    ]);
    expect(await db.selectFrom('run_events').selectAll().execute()).toEqual([]);
    expect(await recoverInterruptedRuns(after.app)).toBe(0);
    const { text } = await after.ask(caller, { appId, chatId: 'crash', question: 'And now?' });
    expect(text).toBe('Two years.');
  } finally {
    await after.close();
  }
}, 60_000);
