import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

const source = join(import.meta.dirname, '..');
const serverMain = join(import.meta.dirname, '../../../server/src/main.ts');

/** A process that listens on loopback. */
export interface Listening {
  url: string;
  pid: number;
  stop(): Promise<void>;
}

/** Starts a file and waits until its output names where it listens. */
function start(file: string, args: string[], env: NodeJS.ProcessEnv, sign: RegExp): Promise<Listening> {
  const child = spawn(process.execPath, [...process.execArgv, file, ...args], {
    env,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let output = '';
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`${file} did not start within 60 seconds:\n${output.slice(-2000)}`));
    }, 60_000);
    const ended = () => {
      clearTimeout(late);
      reject(new Error(`${file} ended at its start:\n${output.slice(-2000)}`));
    };
    child.once('exit', ended);
    const read = (data: Buffer) => {
      if (output.length > 20_000) return;
      output += data;
      const found = sign.exec(output)?.[1];
      if (found === undefined || child.pid === undefined) return;
      clearTimeout(late);
      child.off('exit', ended);
      // From here on the output is only drained.
      output = ' '.repeat(20_001);
      resolve({
        url: found.startsWith('http') ? found : `http://127.0.0.1:${found}`,
        pid: child.pid,
        stop: () => stop(child),
      });
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const hard = setTimeout(() => child.kill('SIGKILL'), 15_000);
  await gone;
  clearTimeout(hard);
}

export function startSimulator(): Promise<Listening> {
  return start(join(source, 'simulator.ts'), [], process.env, /listening (\d+)\n/);
}

/** The embedding model that knows the answers of these sets. */
export function startOracle(data: string, sets: string): Promise<Listening> {
  const args = ['--data', data, '--sets', sets];
  return start(join(source, 'oracle.ts'), args, process.env, /listening (\d+)\n/);
}

export function startBaseline(kind: 'bare' | 'reframe', upstream: string): Promise<Listening> {
  return start(join(source, 'baselines.ts'), [kind, upstream], process.env, /listening (\d+)\n/);
}

/** The password that the bench's own server gets for root. */
export const rootPassword = 'bench password of root';

/**
 * Starts a server as a user would, on a directory (and, when given, an empty database) of its own; without an upstream
 * it has only built-in models. `more` are further settings.
 */
export function startServer(
  dataDir: string,
  upstream?: string,
  databaseUrl = '',
  more: Record<string, string> = {},
): Promise<Listening> {
  const env = {
    ...process.env,
    HOST: '127.0.0.1',
    DATABASE_URL: databaseUrl,
    OPENAI_BASE_URL: upstream === undefined ? '' : `${upstream}/v1`,
    OPENAI_API_KEY: 'sk-simulated',
    CHAT_MODEL: upstream === undefined ? '' : 'sim-50-10,sim-50-0,sim-100-100,sim-3-0',
    EMBEDDING_MODEL: '',
    RERANK_MODEL: '',
    OLLAMA_URL: 'off',
    DEFAULT_ROOT_PSW: rootPassword,
    LOG_LEVEL: 'info',
    NODE_ENV: 'production',
    ...more,
  };
  const args = ['--port', '0', '--data', dataDir, '--no-demo'];
  return start(serverMain, args, env, /Lectern is running at (http\S+)/);
}

/** An empty schema of a PostgreSQL database, for one part of the bench; removed with all it holds. */
export async function temporarySchema(base: string): Promise<{ url: string; remove(): Promise<void> }> {
  const schema = `bench_${Date.now()}`;
  const run = async (statement: string) => {
    const client = new pg.Client({ connectionString: base });
    await client.connect();
    await client.query(statement);
    await client.end();
  };
  await run(`create schema ${schema}`);
  const url = new URL(base);
  url.searchParams.set('options', `-c search_path=${schema}`);
  return { url: url.href, remove: () => run(`drop schema ${schema} cascade`) };
}

/** A directory for one part of the bench; removed with all it holds. */
export async function temporaryDirectory(): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'lectern-bench-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
