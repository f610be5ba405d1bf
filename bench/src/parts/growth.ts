import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fillDataset, logIn } from '../lib/api.ts';
import { startServer, startSimulator, temporaryDirectory } from '../lib/children.ts';
import { untilEmbedded } from '../lib/imports.ts';
import { residentMb } from '../lib/process-tree.ts';
import { mb, ms, type Scale, type Section } from '../lib/section.ts';
import { quantiles } from '../lib/stats.ts';
import { questions } from '../lib/text.ts';

function bytesUnder(path: string): number {
  return readdirSync(path, { withFileTypes: true }).reduce((sum, entry) => {
    const inner = join(path, entry.name);
    return sum + (entry.isDirectory() ? bytesUnder(inner) : statSync(inner).size);
  }, 0);
}

/** What becomes of inserting, disk, memory and search while a store grows. */
export async function runGrowth({ quick }: Scale): Promise<Section> {
  const steps = quick ? [1_000, 2_000] : [10_000, 50_000, 100_000, 200_000, 500_000];
  const directory = await temporaryDirectory();
  const simulator = await startSimulator();
  const server = await startServer(directory.path, simulator.url, '', { EMBEDDING_MODEL: 'sim-embed' });
  try {
    const api = await logIn(server.url);
    const rows: string[][] = [];
    const datasets: string[] = [];
    let stored = 0;
    for (const size of steps) {
      const began = performance.now();
      while (stored < size) {
        const chunks = Math.min(10_000, size - stored);
        datasets.push(await fillDataset(api, `part ${stored}`, chunks, 50 + datasets.length));
        stored += chunks;
      }
      const added = size - (steps[steps.indexOf(size) - 1] ?? 0);
      const perSecond = added / ((performance.now() - began) / 1000);
      for (const datasetId of datasets) await untilEmbedded(api, datasetId);
      const embedded = added / ((performance.now() - began) / 1000);
      const timesOf = async (searchMode: string) => {
        const times: number[] = [];
        for (const text of questions(quick ? 10 : 60, 17)) {
          const start = performance.now();
          await api.call('POST', '/core/dataset/searchTest', {
            datasetId: datasets[0],
            text,
            limit: 1500,
            searchMode,
          });
          times.push(performance.now() - start);
        }
        return quantiles(times.slice(5));
      };
      const [words, vectors] = [await timesOf('fullTextRecall'), await timesOf('embedding')];
      rows.push([
        size.toLocaleString('en'),
        `${Math.round(perSecond)}/s, ${Math.round(embedded)}/s with vectors`,
        mb(bytesUnder(directory.path) / 1e6),
        mb(residentMb(server.pid)),
        `${ms(words.p50)} / ${ms(words.p99)}`,
        `${ms(vectors.p50)} / ${ms(vectors.p99)}`,
      ]);
      console.error(`  ${rows.at(-1)?.join(' | ')}`);
    }
    return {
      id: 'j',
      title: 'Growth of one store',
      method: `Datasets of 10,000 chunks through \`pushData\`, embedded by the simulator's model (64 dimensions); then ${quick ? 10 : 60} searches of each kind in the first of them, one after the other.`,
      columns: ['chunks', 'added', 'disk', 'memory', 'search by words p50 / p99', 'by vectors p50 / p99'],
      rows,
      checks: [],
    };
  } finally {
    await server.stop();
    await simulator.stop();
    await directory.remove();
  }
}
