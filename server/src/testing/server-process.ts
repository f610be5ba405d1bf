import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { lectern } from './lectern.ts';

const main = fileURLToPath(new URL('../main.ts', import.meta.url));

/** A server as its own process, as an operator starts it. */
export interface ServerProcess {
  url: string;
  child: ChildProcess;
  /** What it has printed so far. */
  output(): string;
  /** Stops it as a service manager does, and answers its exit code. */
  stop(): Promise<number | null>;
  /** Ends it as a power cut does. */
  kill(): Promise<void>;
}

/** Starts a server; answers what it printed instead when it ended without listening. */
export async function startProcess(
  dataDir: string,
  env: Record<string, string> = {},
): Promise<ServerProcess | { refused: string; code: number | null }> {
  const child = spawn(process.execPath, [main, '--port', '0', '--no-demo', '--data', dataDir], {
    env: { ...process.env, LC_ALL: 'C', OLLAMA_URL: 'off', LOG_LEVEL: 'info', SHUTDOWN_SECONDS: '2', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const listening = Promise.withResolvers<string>();
  const read = (chunk: Buffer) => {
    output += chunk.toString();
    const address = /"url":"(http[^"]+)".*"msg":"listening"/.exec(output)?.[1];
    if (address) listening.resolve(address);
  };
  child.stdout.on('data', read);
  child.stderr.on('data', read);
  const closed = once(child, 'close') as Promise<[number | null]>;
  const url = await Promise.race([listening.promise, closed.then(() => undefined)]);
  if (url === undefined) return { refused: output, code: child.exitCode };
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await closed;
  };
  return {
    url,
    child,
    output: () => output,
    async stop() {
      await end('SIGTERM');
      return child.exitCode;
    },
    kill: () => end('SIGKILL'),
  };
}

/** The same, for a test that needs it to start. */
export async function startedProcess(
  dataDir: string,
  env: Record<string, string> = {},
): Promise<ServerProcess> {
  const started = await startProcess(dataDir, env);
  if ('refused' in started) throw new Error(`the server did not start: ${started.refused}`);
  return started;
}

/** A global key of root, made beside the running server. */
export async function keyOf(dataDir: string): Promise<string> {
  const { out, err } = await lectern(['keys', 'create', '--name', 'test', '--data', dataDir]);
  if (!out.startsWith('fastgpt-')) throw new Error(err);
  return out.trim();
}
