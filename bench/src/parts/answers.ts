import { simpleAppDocument } from '../../../server/src/workflow/simple-app.ts';
import { createApp, fillDataset, logIn, requireSources } from '../lib/api.ts';
import {
  type Listening,
  startBaseline,
  startServer,
  startSimulator,
  temporaryDirectory,
} from '../lib/children.ts';
import { type LoadJob, type LoadResult, runLoad } from '../lib/load.ts';
import { cpuSeconds, residentMb } from '../lib/process-tree.ts';
import { mb, ms, type Scale, type Section, times } from '../lib/section.ts';
import { questions } from '../lib/text.ts';

const model = 'sim-50-10';
const concurrency = 32;

interface Measured {
  name: string;
  cpuMs: number;
  rss: number;
  load: LoadResult;
}

/** Warms a target up, which also gives the server's chats their stored history, then measures it. */
async function measure(
  name: string,
  target: Listening,
  job: Omit<LoadJob, 'count'>,
  count: number,
): Promise<Measured> {
  await runLoad({ ...job, count: concurrency * 3 });
  const before = cpuSeconds(target.pid);
  const load = await runLoad({ ...job, count });
  const used = cpuSeconds(target.pid) - before;
  return { name, cpuMs: (used * 1000) / Math.max(1, load.answers), rss: residentMb(target.pid), load };
}

function baselineJob(url: string): Omit<LoadJob, 'count'> {
  const said = 'A short question or answer of an earlier round, as it stands in a history.';
  const history = Array.from({ length: 12 }, (_, i) => ({
    role: i % 2 ? 'assistant' : 'user',
    content: said,
  }));
  const messages = [
    { role: 'system', content: 'Be brief.' },
    ...history,
    { role: 'user', content: '{question}' },
  ];
  return {
    url: `${url}/v1/chat/completions`,
    headers: {},
    body: JSON.stringify({ model, stream: true, stream_options: { include_usage: true }, messages }),
    questions: questions(200, 11),
    concurrency,
    stuckMs: 20_000,
    rampMs: 400,
  };
}

/** A stored chat for each of the workers, so that every answer reads and writes history. */
function serverJob(url: string, key: string, chat: string): Omit<LoadJob, 'count'> {
  const body = {
    chatId: `${chat}-{worker}`,
    stream: true,
    messages: [{ role: 'user', content: '{question}' }],
  };
  return {
    ...baselineJob(url),
    url: `${url}/api/v1/chat/completions`,
    headers: { authorization: `Bearer ${key}` },
    body: JSON.stringify(body),
  };
}

function section(
  id: string,
  title: string,
  method: string,
  aim: number,
  limit: number,
  all: Measured[],
): Section {
  const reframe = all.find((m) => m.name === 'reframe')?.cpuMs ?? 1;
  const server = all.find((m) => m.name === 'Lectern');
  const ratio = (server?.cpuMs ?? 0) / reframe;
  const failed = all.reduce((sum, m) => sum + m.load.errors + m.load.stuck, 0);
  for (const m of all) if (m.load.errors > 0) console.error(`${m.name}:`, m.load.problems);
  return {
    id,
    title,
    method,
    columns: [
      'server',
      'CPU per answer',
      'against reframe',
      'first token p50',
      'p99',
      'whole answer p50',
      'gap p99',
      'memory',
      'errors',
    ],
    rows: all.map((m) => [
      m.name,
      `${m.cpuMs.toFixed(2)} ms`,
      times(m.cpuMs / reframe),
      ms(m.load.firstTokenMs.p50),
      ms(m.load.firstTokenMs.p99),
      ms(m.load.totalMs.p50),
      ms(m.load.gapMs.p99),
      mb(m.rss),
      String(m.load.errors + m.load.stuck),
    ]),
    checks: [
      {
        name: 'CPU per answer against reframe',
        target: `≤ ${limit}× (aim ${aim}×)`,
        measured: times(ratio),
        met: ratio <= limit,
      },
      { name: 'errors', target: '0', measured: String(failed), met: failed === 0 },
    ],
  };
}

/** Streamed 50-token answers, 32 at once: plain (`a`) and with a search over 10,000 chunks (`b`). */
export async function runAnswers(wanted: ReadonlySet<string>, { quick }: Scale): Promise<Section[]> {
  const count = quick ? 128 : 1280;
  const directory = await temporaryDirectory();
  const started: Listening[] = [];
  const keep = async (starting: Promise<Listening>) => {
    const one = await starting;
    started.push(one);
    return one;
  };
  try {
    const simulator = await keep(startSimulator());
    const bare = await keep(startBaseline('bare', simulator.url));
    const reframe = await keep(startBaseline('reframe', simulator.url));
    const server = await keep(startServer(directory.path, simulator.url));
    const api = await logIn(server.url);
    const baselines = [
      await measure('bare', bare, baselineJob(bare.url), count),
      await measure('reframe', reframe, baselineJob(reframe.url), count),
    ];
    const sections: Section[] = [];
    if (wanted.has('a')) {
      const key = await createApp(api, 'plain', simpleAppDocument({ model, prompt: 'Be brief.' }));
      const plain = await measure('Lectern', server, serverJob(server.url, key, 'plain'), count);
      const method = `${count} streamed answers of 50 tokens, 10 ms apart, 32 at once; Lectern with key, app, stored history and run log.`;
      sections.push(section('a', 'Streamed answers of a plain app', method, 2, 3, [...baselines, plain]));
    }
    if (wanted.has('b')) {
      const chunks = quick ? 2000 : 10_000;
      const datasetId = await fillDataset(api, 'generated', chunks, 1);
      const document = simpleAppDocument({
        model,
        prompt: 'Be brief.',
        datasets: [{ datasetId }],
        search: { mode: 'fullTextRecall', limit: 1500 },
      });
      const key = await createApp(api, 'search', document);
      await requireSources(server.url, key, questions(1, 11)[0] ?? '');
      const searched = await measure('Lectern', server, serverJob(server.url, key, 'search'), count);
      const method = `As above, each answer after a keyword search over ${chunks.toLocaleString('en')} chunks.`;
      sections.push(
        section('b', 'Streamed answers with dataset search', method, 4, 8, [...baselines, searched]),
      );
    }
    return sections;
  } finally {
    for (const one of started.reverse()) await one.stop();
    await directory.remove();
  }
}
