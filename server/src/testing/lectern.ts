import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../cli/main.ts', import.meta.url));

export interface Outcome {
  code: number | null;
  out: string;
  err: string;
}

/** The command line as its own process, as a user starts it. */
export function lectern(
  args: string[],
  options: { env?: Record<string, string>; input?: string } = {},
): Promise<Outcome> {
  const env = { ...process.env, LC_ALL: 'C', DATA_DIR: '', ...options.env };
  const child = spawn(process.execPath, [main, ...args], { env, timeout: 60_000 });
  const outcome = { out: '', err: '' };
  child.stdout.on('data', (chunk) => {
    outcome.out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    outcome.err += chunk;
  });
  child.stdin.end(options.input ?? '');
  return new Promise((done, refuse) => {
    child.on('error', refuse);
    child.on('close', (code) => done({ code, ...outcome }));
  });
}
