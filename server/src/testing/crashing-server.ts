import { createLogger } from '../kernel/logger.ts';
import { openStoreForCommand } from '../store/open.ts';
import type { ServerStore } from '../store/ports.ts';
import type { TestServer } from './server.ts';
import { type ServerProcess, startedProcess } from './server-process.ts';

/** A server as its own process, which a test ends at any moment and starts again on what it left. */
export interface CrashingServer {
  start(): Promise<ServerProcess>;
  /** Ends it as a power cut does, and starts it again. */
  crash(): Promise<ServerProcess>;
  /** A request to the one that runs, below /api/core, with a key of root. */
  call(method: string, path: string, body?: FormData | object): Promise<{ code: number; data: unknown }>;
  /** What is stored, read beside it. */
  look<T>(read: (db: ServerStore['db']) => Promise<T>): Promise<T>;
  /** Ends it, and removes everything. */
  close(): Promise<void>;
}

/** Takes over the directory and the database of a server that a test has prepared, which is stopped. */
export async function crashingServer(
  prepared: TestServer,
  env: Record<string, string> = {},
): Promise<CrashingServer> {
  const { dataDir } = prepared;
  const { databaseUrl } = prepared.app.config;
  const key = await prepared.createKey();
  await prepared.stop();
  let running: ServerProcess | undefined;
  const start = async () => {
    running = await startedProcess(dataDir, { DATABASE_URL: databaseUrl ?? '', ...env });
    return running;
  };
  return {
    start,
    async crash() {
      await running?.kill();
      return await start();
    },
    async call(method, path, body) {
      const form = body instanceof FormData;
      const headers = {
        authorization: `Bearer ${key}`,
        ...(body && !form && { 'content-type': 'application/json' }),
      };
      const sent = body ? { body: form ? body : JSON.stringify(body) } : {};
      const answer = await fetch(`${running?.url}/api/core${path}`, { method, headers, ...sent });
      return (await answer.json()) as { code: number; data: unknown };
    },
    async look(read) {
      const settings = { dataDir, databaseUrl, databasePoolSize: 2 };
      const store = await openStoreForCommand(settings, createLogger('silent'));
      try {
        return await read(store.db);
      } finally {
        await store.close();
      }
    },
    async close() {
      await running?.kill();
      await prepared.close();
    },
  };
}
