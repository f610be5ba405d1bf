import type { WorkflowDocument } from '@lectern/contract/workflow.ts';
import { simpleAppDocument } from '../../../server/src/workflow/simple-app.ts';
import { type Api, createApp, fillDataset, logIn, requireSources } from '../lib/api.ts';
import { startServer, startSimulator, temporaryDirectory } from '../lib/children.ts';
import { residentMb } from '../lib/process-tree.ts';
import { mb, ms, type Scale, type Section } from '../lib/section.ts';
import { quantiles } from '../lib/stats.ts';
import { questions } from '../lib/text.ts';

/** An app that only searches: its answer is a fixed word, so that the time is that of the search and the run. */
function searchOnly(datasetIds: string[]): WorkflowDocument {
  const document = simpleAppDocument({
    datasets: datasetIds.map((datasetId) => ({ datasetId })),
    search: { mode: 'fullTextRecall', limit: 1500 },
  });
  const nodes = document.nodes.map((node) =>
    node.flowNodeType === 'chatNode'
      ? {
          ...node,
          flowNodeType: 'answerNode',
          inputs: [{ key: 'text', renderTypeList: ['textarea'], valueType: 'any', label: '', value: 'done' }],
          outputs: [],
        }
      : node,
  );
  return { ...document, nodes };
}

async function timed(
  call: () => Promise<unknown>,
  asked: string[],
  each: (question: string) => void,
): Promise<number[]> {
  const times: number[] = [];
  for (const question of asked) {
    each(question);
    const began = performance.now();
    await call();
    times.push(performance.now() - began);
  }
  return times;
}

async function askApp(url: string, key: string, question: string): Promise<void> {
  const answer = await fetch(`${url}/api/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ messages: [{ role: 'user', content: question }] }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`the search failed: ${answer.status} ${text}`);
}

async function load(api: Api, datasets: number, each: number): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; n < datasets; n++) {
    ids.push(await fillDataset(api, `dataset ${n}`, each, 100 + n));
    if ((n + 1) % 10 === 0) console.error(`  loaded ${((n + 1) * each).toLocaleString('en')} chunks`);
  }
  return ids;
}

/** Keyword search in 3 of 50 datasets with 100,000 chunks in all. */
export async function runKeyword({ quick }: Scale): Promise<Section> {
  const datasets = quick ? 10 : 50;
  const each = quick ? 200 : 2000;
  const asked = questions(quick ? 30 : 300, 13);
  const directory = await temporaryDirectory();
  const simulator = await startSimulator();
  const server = await startServer(directory.path, simulator.url);
  try {
    const api = await logIn(server.url);
    const began = performance.now();
    const ids = await load(api, datasets, each);
    const perSecond = (datasets * each) / ((performance.now() - began) / 1000);
    const three = [ids[1], ids[Math.floor(datasets / 2)], ids[datasets - 2]].filter((id) => id !== undefined);
    const key = await createApp(api, 'search only', searchOnly(three));
    await requireSources(server.url, key, asked[0] ?? '');
    let question = '';
    const set = (q: string) => {
      question = q;
    };
    const inThree = () => askApp(server.url, key, question);
    const inOne = () =>
      api.call('POST', '/core/dataset/searchTest', {
        datasetId: three[0],
        text: question,
        limit: 1500,
        searchMode: 'fullTextRecall',
      });
    await timed(inThree, asked.slice(0, 10), set);
    const app = quantiles(await timed(inThree, asked, set));
    const test = quantiles(await timed(inOne, asked, set));
    const row = (name: string, q: typeof app) => [name, ms(q.p50), ms(q.p95), ms(q.p99), ms(q.max)];
    return {
      id: 'e',
      title: `Keyword search over ${(datasets * each).toLocaleString('en')} chunks`,
      method: `${asked.length} questions one after the other over HTTP, each as a whole request: an app that searches 3 of ${datasets} datasets and answers a fixed word, and \`searchTest\` in one dataset. Loaded through \`pushData\` at ${Math.round(perSecond)} chunks a second; memory afterwards ${mb(residentMb(server.pid))}.`,
      columns: ['request', 'p50', 'p95', 'p99', 'max'],
      rows: [row(`search in 3 of ${datasets} datasets`, app), row('searchTest in 1 dataset', test)],
      checks: [
        {
          name: `search in 3 of ${datasets} datasets p50`,
          target: '≤ 40 ms',
          measured: ms(app.p50),
          met: app.p50 <= 40,
        },
      ],
    };
  } finally {
    await server.stop();
    await simulator.stop();
    await directory.remove();
  }
}
