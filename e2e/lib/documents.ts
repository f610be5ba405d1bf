import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './server.ts';

/** A command of a document, marked ```` ```sh runnable expect:TEXT ````. */
export interface Block {
  document: string;
  line: number;
  code: string;
  expected: string | undefined;
}

/** The commands of a document that are to run as they stand. */
export function runnableBlocks(document: string): Block[] {
  const text = readFileSync(join(root, document), 'utf8');
  return [...text.matchAll(/^```sh runnable(?: expect:(.+))?\n([\s\S]*?)^```$/gm)].map((match) => ({
    document,
    line: text.slice(0, match.index).split('\n').length,
    code: match[2] ?? '',
    expected: match[1]?.trim(),
  }));
}

const marker = '--- end of block ---';

/**
 * Runs blocks one after the other in one shell, as a reader does; answers what each printed. Processes that they leave
 * running belong to the group of `pid`, which `onStart` is told.
 */
export async function paste(
  blocks: Block[],
  options: { cwd: string; env: NodeJS.ProcessEnv; before?: string; onStart?: (pid: number) => void },
): Promise<{ outputs: string[]; code: number }> {
  const script = [
    'set -euo pipefail',
    options.before ?? '',
    ...blocks.map(({ code }) => `${code}\necho; echo "${marker}"`),
  ].join('\n');
  const child = spawn('bash', ['-c', script], {
    cwd: options.cwd,
    env: options.env,
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: options.onStart !== undefined,
  });
  if (child.pid !== undefined) options.onStart?.(child.pid);
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  const [code] = await once(child, 'exit');
  return { outputs: output.split(marker), code };
}
