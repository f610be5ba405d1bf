/*
 * Asks many streamed answers at once and measures them, in a process of its own: `node load-driver.ts`, the job as
 * JSON on stdin, the result as one line of JSON on stdout.
 */
import { Agent, request as ask } from 'node:http';
import type { LoadJob, LoadResult } from './lib/load.ts';
import { quantiles } from './lib/stats.ts';

let input = '';
for await (const piece of process.stdin) input += piece;
const job = JSON.parse(input) as LoadJob;
const url = new URL(job.url);
const agent = new Agent({ keepAlive: true, maxSockets: job.concurrency });

const firstToken: number[] = [];
const total: number[] = [];
const gaps: number[] = [];
const problems = new Map<string, number>();
let errors = 0;
let stuck = 0;

function note(problem: string): void {
  errors++;
  problems.set(problem, (problems.get(problem) ?? 0) + 1);
}

/** One streamed answer; resolves when it has ended, failed, or said nothing for too long. */
function one(number: number, worker: number): Promise<void> {
  const body = job.body
    .replaceAll('{worker}', String(worker))
    .replaceAll('{question}', job.questions[number % job.questions.length] ?? 'Hello?');
  return new Promise((resolve) => {
    const started = performance.now();
    let last = 0;
    let tail = '';
    let settled = false;
    const silence = setTimeout(() => {
      stuck++;
      settle();
      call.destroy();
    }, job.stuckMs);
    const settle = () => {
      settled = true;
      clearTimeout(silence);
      resolve();
    };
    const call = ask(
      {
        host: url.hostname,
        port: url.port,
        path: url.pathname,
        method: 'POST',
        agent,
        headers: {
          ...job.headers,
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
        },
      },
      (answer) => {
        answer.setEncoding('utf8');
        answer.on('data', (text: string) => {
          silence.refresh();
          const now = performance.now();
          if (last === 0) firstToken.push(now - started);
          else gaps.push(now - last);
          last = now;
          tail = (tail + text).slice(-400);
        });
        answer.on('end', () => {
          if (settled) return;
          if (answer.statusCode !== 200) note(`status ${answer.statusCode}: ${tail.slice(0, 160)}`);
          else if (!tail.includes('[DONE]')) note(`no end: ${tail.slice(-120)}`);
          else total.push(performance.now() - started);
          settle();
        });
      },
    );
    call.on('error', (error) => {
      if (settled) return;
      note(error.message);
      settle();
    });
    call.end(body);
  });
}

let next = 0;
async function worker(number: number): Promise<void> {
  // Spread over the ramp, so that a thousand connections do not open in the same millisecond.
  if (job.rampMs > 0) await new Promise((r) => setTimeout(r, (job.rampMs * number) / job.concurrency));
  while (next < job.count) await one(next++, number);
}

const began = performance.now();
await Promise.all(Array.from({ length: job.concurrency }, (_, number) => worker(number)));
const result: LoadResult = {
  answers: total.length,
  errors,
  stuck,
  seconds: (performance.now() - began) / 1000,
  firstTokenMs: quantiles(firstToken),
  totalMs: quantiles(total),
  gapMs: quantiles(gaps),
  problems: Object.fromEntries([...problems].slice(0, 5)),
};
process.stdout.write(`${JSON.stringify(result)}\n`);
process.exit(0);
