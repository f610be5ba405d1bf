import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLogger } from '../../kernel/logger.ts';
import { hashSecret } from '../../kernel/secrets.ts';
import { createKey } from './create-key.ts';
import { openTestWorld, type TestWorld } from './test-world.ts';
import { createKeyUsage } from './usage.ts';

let world: TestWorld;
beforeAll(async () => {
  world = await openTestWorld();
});
afterAll(() => world.close());

async function makeKey() {
  const key = await createKey(world.app, world.root, {});
  const read = () =>
    world.app.store.db
      .selectFrom('api_keys')
      .selectAll()
      .where('keyHash', '=', hashSecret(key))
      .executeTakeFirstOrThrow();
  return { key, id: (await read()).id, read };
}

it('writes last use and points in one go, not with the request', async () => {
  const { key, id, read } = await makeKey();
  const other = await makeKey();
  await world.enter({ key }, ['global']);
  world.app.keyUsage.addPoints(id, 1.5);
  world.app.keyUsage.addPoints(id, 2);
  world.app.keyUsage.addPoints(other.id, 4);
  expect(await read()).toMatchObject({ usagePoints: 0, lastUsedTime: null });
  await world.app.keyUsage.flush();
  expect(await read()).toMatchObject({ usagePoints: 3.5, lastUsedTime: world.clock.now });
  expect(await other.read()).toMatchObject({ usagePoints: 4, lastUsedTime: null });
  expect(world.app.keyUsage.pending(id).points).toBe(0);
  await world.app.keyUsage.flush();
  expect(await read()).toMatchObject({ usagePoints: 3.5 });
});

it('writes the rest when it stops', async () => {
  const { id, read } = await makeKey();
  const usage = createKeyUsage({ store: world.app.store, log: createLogger('silent') });
  usage.addPoints(id, 8);
  await usage.stop();
  expect((await read()).usagePoints).toBe(8);
});

it('keeps what the store refused for the next time', async () => {
  const { id, read } = await makeKey();
  const { store } = world.app;
  let broken = true;
  const flaky = {
    ...store,
    batch: (statements: Parameters<typeof store.batch>[0]) =>
      broken ? Promise.reject(new Error('disk full')) : store.batch(statements),
  };
  const usage = createKeyUsage({ store: flaky, log: createLogger('silent') });
  usage.addPoints(id, 5);
  const flushing = usage.flush();
  usage.addPoints(id, 1);
  await flushing;
  expect(usage.pending(id).points).toBe(6);
  broken = false;
  await usage.stop();
  expect((await read()).usagePoints).toBe(6);
});
