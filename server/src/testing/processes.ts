import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A server process of a test, as a user starts it. */
export interface ServerProcess {
  url: string;
  pid: number;
  /** Everything it printed so far. */
  output(): string;
  /** Stops it as a service manager does; answers its exit code. */
  stop(): Promise<number | null>;
  /** Ends it as a power cut does. */
  kill(): Promise<void>;
}

const main = join(import.meta.dirname, '../main.ts');

/** Starts a server on a free port and waits until it says that it is running. Rejects with what it printed instead. */
export async function startProcess(env: Record<string, string>): Promise<ServerProcess> {
  const child = spawn(process.execPath, [main], {
    env: { ...process.env, PORT: '0', OLLAMA_URL: 'off', LC_ALL: 'C', SHUTDOWN_SECONDS: '2', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const url = Promise.withResolvers<string>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
      const found = /Lectern is running at (http\S+)/.exec(output);
      if (found?.[1]) url.resolve(found[1]);
    });
  }
  const closed = once(child, 'close');
  void closed.then(() => url.reject(new Error(`the server ended:\n${output}`)));
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await closed;
  };
  try {
    return {
      url: await url.promise,
      pid: child.pid ?? 0,
      output: () => output,
      kill: () => end('SIGKILL'),
      async stop() {
        await end('SIGTERM');
        return child.exitCode;
      },
    };
  } catch (thrown) {
    await end('SIGKILL');
    throw thrown;
  }
}

/** A process of a test that works on jobs and nothing else, and prints a line for each thing that happens. */
export interface JobProcess {
  child: ChildProcess;
  lines: string[];
  /** Resolves when it has printed a line that begins so. */
  printed(start: string): Promise<void>;
  /** Ends it as a power cut does. */
  kill(): Promise<void>;
}

/** Starts `job-process.ts` on a database. */
export async function startJobProcess(url: string, env: Record<string, string> = {}): Promise<JobProcess> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'job-process.ts'), url], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    for (const look of waiting) look();
  });
  const printed = (start: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (!lines.some((line) => line.startsWith(start))) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      void closed.then(() => reject(new Error(`it ended without "${start}": ${lines.join('; ')}`)));
      look();
    });
  await printed('ready');
  return {
    child,
    lines,
    printed,
    async kill() {
      child.kill('SIGKILL');
      await closed;
    },
  };
}
