import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLogger } from '../../kernel/logger.ts';
import { openSqliteStore } from './open.ts';

const log = createLogger('silent');
const script = fileURLToPath(new URL('./fixtures/child.ts', import.meta.url));

describe('several processes on one directory', () => {
  let dataDir: string;
  const children: ChildProcess[] = [];
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'lectern-processes-'));
  });
  afterEach(async () => {
    for (const child of children.splice(0)) await kill(child);
    await rm(dataDir, { recursive: true });
  });

  /** Starts a child and collects its lines; resolves with the first. */
  const start = async (mode: string, round = 0) => {
    const child = spawn(process.execPath, [script, dataDir, mode, String(round)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    const lines: string[] = [];
    const reader = createInterface({ input: child.stdout });
    reader.on('line', (line) => lines.push(line));
    const ended = once(reader, 'close');
    await Promise.race([once(reader, 'line'), ended]);
    return { child, lines, ended };
  };

  it('refuses a second server with the process and address of the first, and takes over when it is killed', async () => {
    const first = await start('hold');
    expect(first.lines).toEqual(['open']);
    await pause(50);
    const second = await start('hold');
    await second.ended;
    expect(second.lines[0]).toMatch(/^refused Another Lectern server is already running/);
    expect(second.lines[0]).toContain(`process ${first.child.pid} (http://127.0.0.1:4242)`);
    const cli = await openSqliteStore({ dataDir, log, role: 'cli' });
    await cli.db.insertInto('settings').values({ name: 'up', value: '' }).execute();
    await cli.close();
    await kill(first.child);
    const third = await start('hold');
    expect(third.lines).toEqual(['open']);
  });

  it('loses nothing that was acknowledged and keeps no half of anything, over 20 kills', async () => {
    let acknowledged = 0;
    for (let round = 0; round < 20; round++) {
      const { child, lines, ended } = await start('write', round);
      await pause(Math.random() * 150);
      await kill(child);
      await ended;
      const told = lines.filter((line) => line.includes('-'));
      acknowledged += told.length;
      const store = await openSqliteStore({ dataDir, log });
      const rows = await store.db
        .selectFrom('settings')
        .select('name')
        .where('name', 'like', `${round}-%`)
        .execute();
      const check = await sql<{ ok: string }>`
        select integrity_check as ok from pragma_integrity_check`.execute(store.db);
      await store.close();
      const found = new Set(rows.map((row) => row.name));
      expect(told.filter((name) => !found.has(name))).toEqual([]);
      const halves = [...found].filter((name) => /^\d+-[12]-\d+$/.test(name) && !found.has(`${name}+`));
      expect(halves).toEqual([]);
      expect(check.rows).toEqual([{ ok: 'ok' }]);
    }
    expect(acknowledged).toBeGreaterThan(200);
    const store = await openSqliteStore({ dataDir, log });
    const { count } = await store.db
      .selectFrom('settings')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    await store.close();
    expect(count).toBeGreaterThanOrEqual(acknowledged);
  }, 60_000);
});

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
