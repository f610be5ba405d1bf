import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '../..');
const runner = join(root, 'scripts/run.mjs');

/** A server started as a user starts it, on a directory of its own. */
export interface StartedServer {
  url: string;
  dataDir: string;
  /** What it printed until it was ready: address, password, the demo's curl line. */
  message: string;
  /** Everything it printed so far. */
  output(): string;
  stop(): Promise<number | null>;
  /** Ends it as a power cut would; only for a server that was started `killable`. */
  kill(): Promise<void>;
}

/** A port that nobody listens on just now. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (!address || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** Runs one of our commands to its end; rejects with its output when it fails. */
export async function command(args: string[], env: Record<string, string> = {}): Promise<string> {
  const child = spawn(process.execPath, [runner, ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}:\n${output}${errors}`);
  return output;
}

export interface StartOptions {
  env?: Record<string, string>;
  dataDir?: string;
  watch?: boolean;
  /** The port of a server that was here before. */
  port?: number;
  /** In a process group of its own, so that all of it can be killed at once. */
  killable?: boolean;
}

/**
 * Starts `npm start`'s script (`npm run dev`'s with `watch`) on a free port and waits until it answers; at most 50
 * seconds. A directory that is given stays when the server stops.
 */
export async function startServer(args: string[] = [], options: StartOptions = {}): Promise<StartedServer> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'lectern-e2e-'));
  const port = options.port ?? (await freePort());
  const child = spawn(
    process.execPath,
    [
      runner,
      ...(options.watch ? ['--watch'] : []),
      'server/src/main.ts',
      ...['--port', String(port), '--data', dataDir, ...args],
    ],
    {
      cwd: root,
      env: { ...process.env, OLLAMA_URL: 'off', LC_ALL: 'C', ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: options.killable === true,
    },
  );
  const closed = once(child, 'close');
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
    });
  }
  const url = `http://127.0.0.1:${port}`;
  const stop = async () => {
    if (child.exitCode === null) child.kill('SIGTERM');
    const [code] = await closed;
    if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
    if (!options.dataDir) rmSync(`${dataDir}-backups`, { recursive: true, force: true });
    return code as number | null;
  };
  const kill = async () => {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    await closed;
  };
  for (let tries = 0; tries < 250; tries += 1) {
    if (child.exitCode !== null) throw new Error(`the server ended:\n${output}`);
    const ready = output.includes('Lectern is running');
    if (ready && (await fetch(`${url}/api`).catch(() => null))?.ok) {
      return { url, dataDir, message: output, output: () => output, stop, kill };
    }
    await new Promise((wake) => setTimeout(wake, 200));
  }
  await stop();
  throw new Error(`the server did not get ready:\n${output}`);
}
