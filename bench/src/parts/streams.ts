import { simpleAppDocument } from '../../../server/src/workflow/simple-app.ts';
import { createApp, logIn } from '../lib/api.ts';
import { startServer, startSimulator, temporaryDirectory } from '../lib/children.ts';
import { runLoad } from '../lib/load.ts';
import { cpuSeconds, residentMb } from '../lib/process-tree.ts';
import { mb, ms, type Scale, type Section } from '../lib/section.ts';
import { questions } from '../lib/text.ts';

/** Many slow streams at once: errors, streams that hang, gaps between tokens, memory. */
export async function runStreams({ quick }: Scale): Promise<Section> {
  const streams = quick ? 100 : 1000;
  const rounds = quick ? 1 : 3;
  const directory = await temporaryDirectory();
  const simulator = await startSimulator();
  const server = await startServer(directory.path, simulator.url);
  try {
    const api = await logIn(server.url);
    const key = await createApp(api, 'slow', simpleAppDocument({ model: 'sim-100-100' }));
    let rss = 0;
    const watch = setInterval(() => {
      rss = Math.max(rss, residentMb(server.pid));
    }, 500);
    const before = cpuSeconds(server.pid);
    const load = await runLoad({
      url: `${server.url}/api/v1/chat/completions`,
      headers: { authorization: `Bearer ${key}` },
      body: JSON.stringify({
        chatId: 'slow-{worker}',
        stream: true,
        messages: [{ role: 'user', content: '{question}' }],
      }),
      questions: questions(200, 12),
      count: streams * rounds,
      concurrency: streams,
      stuckMs: 15_000,
      rampMs: quick ? 500 : 5000,
    });
    clearInterval(watch);
    const cpu = ((cpuSeconds(server.pid) - before) / load.seconds) * 100;
    if (load.errors > 0) console.error(load.problems);
    return {
      id: 'c',
      title: `${streams.toLocaleString('en')} streams at once`,
      method: `${streams * rounds} streamed answers of 100 tokens, 100 ms apart, ${streams} at once, each in a stored chat.`,
      columns: [
        'answers',
        'errors',
        'stuck',
        'first token p50',
        'p99',
        'gap p50',
        'gap p99',
        'gap max',
        'most memory',
        'CPU',
      ],
      rows: [
        [
          String(load.answers),
          String(load.errors),
          String(load.stuck),
          ms(load.firstTokenMs.p50),
          ms(load.firstTokenMs.p99),
          ms(load.gapMs.p50),
          ms(load.gapMs.p99),
          ms(load.gapMs.max),
          mb(rss),
          `${Math.round(cpu)} % of one core`,
        ],
      ],
      checks: [
        { name: 'errors', target: '0', measured: String(load.errors), met: load.errors === 0 },
        { name: 'stuck streams', target: '0', measured: String(load.stuck), met: load.stuck === 0 },
        {
          name: 'gap between tokens p99',
          target: '≤ 500 ms',
          measured: ms(load.gapMs.p99),
          met: load.gapMs.p99 <= 500,
        },
        { name: 'memory', target: '≤ 400 MB', measured: mb(rss), met: rss <= 400 },
      ],
    };
  } finally {
    await server.stop();
    await simulator.stop();
    await directory.remove();
  }
}
