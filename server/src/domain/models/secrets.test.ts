import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createSecretBox, keyIdOf, secretKeyFile } from '../../kernel/secret-box.ts';
import { startMessage } from '../../start-message.ts';
import { lectern } from '../../testing/lectern.ts';
import { type ModelWorld, startModelWorld } from '../../testing/model-world.ts';
import { startProcess } from '../../testing/processes.ts';
import { rotateSecrets } from './rotate-secrets.ts';

const worlds: ModelWorld[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
});

/** A server with a model on a channel and one with an address of its own, both with credentials. */
async function worldWithCredentials(env: Record<string, string> = {}) {
  const world = await startModelWorld(env);
  worlds.push(world);
  const provider = await world.answering('ok');
  await world.root('PUT', '/api/core/ai/model/update', { model: 'm', type: 'llm' });
  const id = await world.channel('c', provider.url, { credential: 'sk-canary-channel-1', models: ['m'] });
  await world.root('PUT', '/api/core/ai/model/update', {
    model: 'direct',
    type: 'llm',
    requestUrl: provider.url,
    requestAuth: 'sk-canary-direct-2',
  });
  const { db } = world.server.app.store;
  const sealed = async () => [
    ...(await db.selectFrom('model_channels').select('credential').execute()).map(
      (row) => row.credential ?? '',
    ),
    ...(
      await db.selectFrom('models').select('requestAuth').where('requestAuth', 'is not', null).execute()
    ).map((row) => row.requestAuth ?? ''),
  ];
  const works = async () => {
    expect((await world.ask('m')).text).toBe('ok');
    expect((await world.ask('direct')).text).toBe('ok');
    return provider.calls.slice(-2).map(({ headers }) => headers.authorization);
  };
  return { world, id, sealed, works };
}

const both = ['Bearer sk-canary-channel-1', 'Bearer sk-canary-direct-2'];

describe('credentials in the store', () => {
  it('stand nowhere in plain text, and open for their own row only', async () => {
    const { world, sealed, works } = await worldWithCredentials();
    const stored = await sealed();
    expect(stored).toHaveLength(2);
    expect(stored.join()).not.toContain('canary');
    const { db } = world.server.app.store;
    await db
      .updateTable('model_channels')
      .set({ credential: stored[1] ?? null })
      .execute();
    await world.server.app.liveModels.reload();
    expect(world.server.app.liveModels.unreadable()).toEqual(['c']);
    await db
      .updateTable('model_channels')
      .set({ credential: stored[0] ?? null })
      .execute();
    await world.server.app.liveModels.reload();
    expect(await works()).toEqual(both);
  });

  it('are sealed anew by a command beside the running server, which goes on', {
    timeout: 60_000,
  }, async () => {
    const { world, sealed, works } = await worldWithCredentials();
    const before = await sealed();
    const file = join(world.server.dataDir, secretKeyFile);
    const keyBefore = readFileSync(file, 'utf8');
    const { databaseUrl } = world.server.app.config;
    const answer = await lectern(['secrets', 'rotate', '--data', world.server.dataDir, '--json'], {
      env: { DATABASE_URL: databaseUrl ?? '' },
    });
    expect([answer.code, JSON.parse(answer.out)]).toEqual([0, { sealed: 2, resumed: false, unreadable: [] }]);
    const after = await sealed();
    expect(new Set(after.map(keyIdOf)).size).toBe(1);
    expect(after.map(keyIdOf)).not.toContain(keyIdOf(before[0] ?? ''));
    expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(1);
    expect(readFileSync(file, 'utf8')).not.toBe(keyBefore);
    await world.server.app.liveModels.reload();
    expect(await works()).toEqual(both);
  });

  it('can be opened at every point of a rotation, and the next run completes one that stopped', async () => {
    const { world, sealed, works } = await worldWithCredentials();
    const { store, secrets } = world.server.app;
    const before = await sealed();
    // Stopped after the new key was written and one of two credentials was sealed anew.
    secrets.addKey();
    const [row] = await store.db.selectFrom('model_channels').selectAll().execute();
    const place = `channel:${row?.id}`;
    await store.db
      .updateTable('model_channels')
      .set({ credential: secrets.seal(secrets.open(before[0] ?? '', place) ?? '', place) })
      .execute();
    await world.server.app.liveModels.reload();
    expect(world.server.app.liveModels.unreadable()).toEqual([]);
    expect(await works()).toEqual(both);
    expect(await rotateSecrets(store, secrets)).toEqual({ sealed: 1, resumed: true, unreadable: [] });
    expect(new Set((await sealed()).map(keyIdOf)).size).toBe(1);
    expect(await works()).toEqual(both);
  });

  it('move from one SECRET_KEY to the next', async () => {
    const first = 'the first key, of at least thirty-two letters';
    const second = 'the second key, of at least thirty-two letters';
    const { world, works } = await worldWithCredentials({ SECRET_KEY: first });
    const { store } = world.server.app;
    const { dataDir } = world.server;
    const lost = createSecretBox({ dataDir, secretKey: second, previousSecretKey: undefined });
    expect((await rotateSecrets(store, lost)).unreadable).toEqual(['direct', 'c']);
    expect(await works()).toEqual(both);
    const moving = createSecretBox({ dataDir, secretKey: second, previousSecretKey: first });
    expect(await rotateSecrets(store, moving)).toEqual({ sealed: 2, resumed: false, unreadable: [] });
    const [row] = await store.db.selectFrom('model_channels').selectAll().execute();
    expect(lost.open(row?.credential ?? '', `channel:${row?.id}`)).toBe('sk-canary-channel-1');
  });

  it('that cannot be opened are named, refuse new ones beside them, and can be given again', async () => {
    const { world, id } = await worldWithCredentials();
    const file = join(world.server.dataDir, secretKeyFile);
    writeFileSync(file, `${'0'.repeat(64)}\n`);
    await world.server.app.liveModels.reload();
    expect(world.server.app.liveModels.unreadable()).toEqual(['direct', 'c']);
    const [shown] = await world.root('GET', '/api/core/ai/channel');
    expect(shown).toMatchObject({ status: 'unreadable', credential: '******' });
    expect((await world.ask('m')).node).toMatchObject({ modelNotice: { requested: 'm' } });
    const other = { name: 'other', baseUrl: 'https://api.example.com/v1', credential: 'k' };
    await expect(world.root('POST', '/api/core/ai/channel', other)).rejects.toThrow('SECRET_KEY');
    await world.root('PUT', '/api/core/ai/channel', { id, credential: 'sk-again' });
    expect(world.server.app.liveModels.unreadable()).toEqual(['direct']);
    expect((await world.ask('m')).text).toBe('ok');
  });

  it('that cannot be opened are told at the start', { timeout: 60_000 }, async () => {
    const { world } = await worldWithCredentials();
    const { dataDir, app } = world.server;
    const { config } = app;
    await world.server.stop();
    rmSync(join(dataDir, secretKeyFile));
    const started = await startProcess({ DATA_DIR: dataDir, DATABASE_URL: config.databaseUrl ?? '' });
    expect(await started.stop()).toBe(0);
    expect(started.output()).toContain('2 channels and models cannot be decrypted');
    expect(started.output()).toContain('direct, c.');
    const first = { root: { created: false } } as Parameters<typeof startMessage>[0]['first'];
    const facts = { url: 'http://x', config, first, models: [], vectors: true };
    const chinese = startMessage({ ...facts, unreadable: ['c'], lang: 'zh' });
    expect(chinese).toMatch(/1 个渠道或模型的凭证无法解密[\s\S]*secret\.key/);
    expect(startMessage({ ...facts, unreadable: [], lang: 'en' })).not.toContain('decrypted');
  });
});
