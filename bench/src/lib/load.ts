import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Quantiles } from './stats.ts';

/** What the load driver is told. Times in milliseconds. */
export interface LoadJob {
  url: string;
  headers: Record<string, string>;
  /** JSON text; `{worker}` and `{question}` are filled in for each answer. */
  body: string;
  questions: string[];
  count: number;
  concurrency: number;
  /** A stream that is silent for longer counts as stuck. */
  stuckMs: number;
  /** The workers begin within this time. */
  rampMs: number;
}

export interface LoadResult {
  answers: number;
  errors: number;
  stuck: number;
  seconds: number;
  firstTokenMs: Quantiles;
  totalMs: Quantiles;
  gapMs: Quantiles;
  /** The first kinds of errors and how often each came. */
  problems: Record<string, number>;
}

/** Runs a job in a driver process of its own, so that measuring does not slow what is measured. */
export function runLoad(job: LoadJob): Promise<LoadResult> {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../load-driver.ts')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (data: Buffer) => {
    output += data;
  });
  child.stdin.end(JSON.stringify(job));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(JSON.parse(output) as LoadResult);
      else reject(new Error(`the load driver ended with code ${code}`));
    });
  });
}
