import { simpleAppDocument } from '../../../server/src/workflow/simple-app.ts';
import { createApp, logIn } from '../lib/api.ts';
import { startServer, startSimulator, temporaryDirectory } from '../lib/children.ts';
import { residentMb } from '../lib/process-tree.ts';
import { mb, ms, type Scale, type Section } from '../lib/section.ts';
import { quantiles } from '../lib/stats.ts';

async function ask(url: string, key: string): Promise<void> {
  const answer = await fetch(`${url}/api/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ chatId: 'start', messages: [{ role: 'user', content: 'Are you there?' }] }),
  });
  if (!answer.ok) throw new Error(`the first question failed: ${answer.status} ${await answer.text()}`);
  await answer.text();
}

/** From starting the process to the end of its first answer, and what it holds in memory a minute later. */
export async function runStart({ quick }: Scale): Promise<Section> {
  const starts = quick ? 2 : 7;
  const waitSeconds = quick ? 5 : 60;
  const directory = await temporaryDirectory();
  const simulator = await startSimulator();
  try {
    // The first start makes the store and the secrets, and is not measured.
    const first = await startServer(directory.path, simulator.url);
    const key = await createApp(await logIn(first.url), 'first', simpleAppDocument({ model: 'sim-3-0' }));
    await first.stop();
    const toListen: number[] = [];
    const toAnswer: number[] = [];
    let rss = 0;
    for (let n = 1; n <= starts; n++) {
      const began = performance.now();
      const server = await startServer(directory.path, simulator.url);
      toListen.push(performance.now() - began);
      await ask(server.url, key);
      toAnswer.push(performance.now() - began);
      if (n === starts) {
        await new Promise((resolve) => setTimeout(resolve, waitSeconds * 1000));
        rss = residentMb(server.pid);
      }
      await server.stop();
    }
    const answer = quantiles(toAnswer);
    return {
      id: 'd',
      title: 'Start and memory at rest',
      method: `${starts} starts on an existing directory, each timed from creating the process to the end of its first chat answer; memory of the whole process tree ${waitSeconds} seconds after the last of them.`,
      columns: ['to listening p50', 'to first answer p50', 'max', 'memory at rest'],
      rows: [[ms(quantiles(toListen).p50), ms(answer.p50), ms(answer.max), mb(rss)]],
      checks: [
        {
          name: 'process start to first answer',
          target: '≤ 1,500 ms',
          measured: ms(answer.p50),
          met: answer.p50 <= 1500,
        },
        { name: 'memory at rest', target: '≤ 200 MB', measured: mb(rss), met: rss <= 200 },
      ],
    };
  } finally {
    await simulator.stop();
    await directory.remove();
  }
}
