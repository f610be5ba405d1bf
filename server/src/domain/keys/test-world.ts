import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CallerKind, Scope } from '@lectern/contract/endpoint.ts';
import { loadConfig } from '../../config.ts';
import { newId } from '../../kernel/ids.ts';
import { createLogger } from '../../kernel/logger.ts';
import type { Role } from '../../store/schema.ts';
import { openTestStore } from '../../testing/test-store.ts';
import type { SessionCaller } from '../context.ts';
import { insertMember, insertTeam, insertUser } from '../users/create-user.ts';
import { ensureRoot } from '../users/ensure-root.ts';
import { memberCaller } from '../users/member-caller.ts';
import { authenticate, type Credentials } from './authenticate.ts';
import type { RouteFacts } from './check-key.ts';
import { createKeyUsage } from './usage.ts';

/** A real store with root in a directory of its own, for tests of people and keys. */
export async function openTestWorld(env: Record<string, string> = {}) {
  const dataDir = await mkdtemp(join(tmpdir(), 'lectern-people-'));
  const log = createLogger('silent');
  const config = loadConfig({ DATA_DIR: dataDir, DEFAULT_ROOT_PSW: 'a long first password', ...env });
  const store = await openTestStore({ dataDir, log });
  const clock = { now: Date.now() };
  const keyUsage = createKeyUsage({ store, log, clock: () => clock.now, intervalMs: 3_600_000 });
  const app = { store, config, keyUsage };
  const root = await ensureRoot(app);
  return {
    app,
    dataDir,
    root: root.caller,
    rootAccount: root,
    /** For the command line: the database of this world, '' where it has none. */
    databaseUrl: store.databaseUrl ?? '',
    /** The clock of rates (on the embedded store) and last use. */
    clock,
    /** Lets time pass for rates, wherever they are counted. */
    async pass(ms: number): Promise<void> {
      clock.now += ms;
      await store.db
        .updateTable('key_rates')
        .set((eb) => ({ windowStart: eb('windowStart', '-', ms) }))
        .execute();
    },
    /** Another member of root's team, or of a new team. */
    async addMember(username: string, role: Role, teamName?: string): Promise<SessionCaller> {
      const { db } = store;
      const userId = await insertUser(db, { username, passwordHash: '$unusable' });
      const teamId = teamName === undefined ? root.caller.teamId : await insertTeam(db, teamName);
      await insertMember(db, { teamId, userId, role, name: username });
      const caller = await memberCaller(db, { username });
      if (!caller) throw new Error(`no member ${username}`);
      return caller;
    },
    async addApp(owner: SessionCaller): Promise<string> {
      const id = newId();
      const now = Date.now();
      const { teamId, memberId } = owner;
      const blank = { parentId: null, intro: '', avatar: '', nodes: '[]', edges: '[]', chatConfig: '{}' };
      await store.db
        .insertInto('apps')
        .values({
          id,
          teamId,
          memberId,
          type: 'simple',
          name: 'An app',
          ...blank,
          facts: null,
          publishedVersionId: null,
          createTime: now,
          updateTime: now,
        })
        .execute();
      return id;
    },
    /** Authenticates as a request to a route that takes `callers` would. */
    enter(
      credentials: Partial<Credentials> & { key?: string },
      callers: readonly CallerKind[],
      more: Partial<RouteFacts> & { scope?: Scope } = {},
    ) {
      const { key, address = '127.0.0.1', ...rest } = credentials;
      return authenticate(
        app,
        { ...rest, address, ...(key !== undefined && { authorization: `Bearer ${key}` }) },
        { operation: 'someOperation', path: '/api/core/dataset/list', callers, ...more },
      );
    },
    async close() {
      await keyUsage.stop();
      await store.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

export type TestWorld = Awaited<ReturnType<typeof openTestWorld>>;
