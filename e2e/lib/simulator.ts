import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { root } from './server.ts';

/** A provider with OpenAI's interface in a process of its own: the bench's simulator. */
export interface Simulator {
  /** With `/v1`. */
  baseUrl: string;
  stop(): void;
}

/** Starts the simulator; its models are `sim-<tokens>-<milliseconds per token>` and `sim-embed`. */
export async function startSimulator(): Promise<Simulator> {
  // It ends when its stdin does: nothing is left running when a test is cut off.
  const child = spawn(process.execPath, [join(root, 'bench/src/simulator.ts')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  const port = /listening (\d+)/.exec(said.toString())?.[1];
  if (!port) throw new Error(`the simulator said: ${said}`);
  return { baseUrl: `http://127.0.0.1:${port}/v1`, stop: () => void child.kill() };
}
