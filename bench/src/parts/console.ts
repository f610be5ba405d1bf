import { resolve } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { buildConsole, consoleIsBuilt, sizeAsSent } from '../../../scripts/lib/console.mjs';
import { type Api, fillDataset, logIn } from '../lib/api.ts';
import { rootPassword, startServer, startSimulator, temporaryDirectory } from '../lib/children.ts';
import { loadingOf } from '../lib/loading.ts';
import { ms, type Scale, type Section } from '../lib/section.ts';
import { quantiles } from '../lib/stats.ts';

const root = resolve(import.meta.dirname, '../../..');
const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';

/** The screens that people open first, and what shows that they can be used. */
const screens = [
  { name: 'log in', path: '/login', ready: 'input[autocomplete="username"]' },
  { name: 'chat', path: '/chat', ready: '#content :is(h1, h2, textarea)' },
  { name: 'datasets', path: '/datasets', ready: 'h1' },
  { name: 'apps', path: '/apps', ready: 'h1' },
  { name: 'jobs', path: '/jobs', ready: 'h1' },
] as const;
const budgetKb = 250;
const budgetMs = 1500;

interface Load {
  /** Kilobytes of scripts, styles and the page, gzipped as they lie on disk. */
  kb: number;
  /** Milliseconds from the navigation until the screen is shown and the page has nothing more to do. */
  interactive: number;
}

/** Size and times of the console in a real browser that has nothing in its cache. */
export async function runConsole({ quick }: Scale): Promise<Section> {
  if (!consoleIsBuilt(root)) await buildConsole(root);
  const directory = await temporaryDirectory();
  const simulator = await startSimulator();
  const server = await startServer(directory.path, simulator.url);
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
  });
  try {
    const api = await logIn(server.url);
    await fill(api, quick);
    const session = await loggedIn(browser, server.url);
    const loads = new Map<string, Load[]>();
    for (let round = 0; round < (quick ? 2 : 7); round++) {
      for (const screen of screens) {
        const state = screen.path === '/login' ? undefined : session;
        const load = await firstLoad(browser, { url: server.url, state, ...screen });
        loads.set(screen.name, [...(loads.get(screen.name) ?? []), load]);
      }
    }
    const moves = await interactions(browser, { url: server.url, state: session, rounds: quick ? 2 : 7 });
    return section(loads, moves);
  } finally {
    await browser.close();
    await server.stop();
    await simulator.stop();
    await directory.remove();
  }
}

/** What a team has after a while: some dozens of datasets, one with thousands of chunks. */
async function fill(api: Api, quick: boolean): Promise<void> {
  for (let n = 0; n < (quick ? 5 : 60); n++)
    await api.call('POST', '/core/dataset/create', { name: `Dataset ${n}`, type: 'dataset' });
  await fillDataset(api, 'Large dataset', quick ? 200 : 5_000, 3);
}

type State = Awaited<ReturnType<BrowserContext['storageState']>>;

async function loggedIn(browser: Browser, url: string): Promise<State> {
  const context = await browser.newContext({ baseURL: url, locale: 'en-US' });
  const page = await context.newPage();
  await page.goto('/login');
  await page.locator('input[autocomplete="username"]').fill('root');
  await page.locator('input[autocomplete="current-password"]').fill(rootPassword);
  await page.locator('button[type="submit"]').click();
  await page.waitForURL((at) => at.pathname !== '/login');
  const state = await context.storageState();
  await context.close();
  return state;
}

/** Opens a screen with an empty cache. */
async function firstLoad(
  browser: Browser,
  wanted: { url: string; path: string; ready: string; state: State | undefined },
): Promise<Load> {
  const context = await browser.newContext({
    baseURL: wanted.url,
    locale: 'en-US',
    ...(wanted.state && { storageState: wanted.state }),
  });
  const page = await context.newPage();
  let bytes = 0;
  page.on('response', (response) => {
    bytes += sizeAsSent(root, new URL(response.url()).pathname);
  });
  const quiet = loadingOf(page);
  await page.goto(wanted.path, { waitUntil: 'commit' });
  await page.locator(wanted.ready).first().waitFor();
  const interactive = await page.evaluate<number>(
    'new Promise((done) => requestIdleCallback(() => done(performance.now())))',
  );
  await quiet();
  await context.close();
  return { kb: bytes / 1024, interactive };
}

/** From a click until what was asked for is shown; each is done once before it counts, so that its script is there. */
async function interactions(
  browser: Browser,
  { url, state, rounds }: { url: string; state: State; rounds: number },
): Promise<Map<string, number[]>> {
  const context = await browser.newContext({ baseURL: url, locale: 'en-US', storageState: state });
  const page = await context.newPage();
  await page.goto('/apps');
  const times = new Map<string, number[]>();
  const timed = async (name: string, act: () => Promise<void>, shown: (page: Page) => Promise<void>) => {
    const began = performance.now();
    await act();
    await shown(page);
    times.set(name, [...(times.get(name) ?? []), performance.now() - began]);
  };
  const link = (name: string) =>
    page.getByRole('navigation').first().getByRole('link', { name, exact: true });
  for (let round = 0; round <= rounds; round++) {
    await timed(
      'open the list of datasets',
      () => link('Datasets').click(),
      (at) => at.getByText('Large dataset').first().waitFor(),
    );
    await timed(
      'open a dataset',
      () => page.getByText('Large dataset').first().click(),
      (at) => at.getByRole('tab').first().waitFor(),
    );
    await timed(
      'open the apps',
      () => link('Apps').click(),
      (at) => at.getByRole('heading', { level: 1, name: 'Apps' }).waitFor(),
    );
    if (round === 0) times.clear();
  }
  await context.close();
  return times;
}

function section(loads: Map<string, Load[]>, moves: Map<string, number[]>): Section {
  const rows: string[][] = [];
  const checks: Section['checks'] = [];
  for (const [name, runs] of loads) {
    const kb = Math.max(...runs.map((run) => run.kb));
    const { p50 } = quantiles(runs.map((run) => run.interactive));
    rows.push([`first load: ${name}`, `${Math.round(kb)} KB`, ms(p50)]);
    checks.push(
      {
        name: `${name}, size`,
        target: `≤ ${budgetKb} KB`,
        measured: `${Math.round(kb)} KB`,
        met: kb <= budgetKb,
      },
      { name: `${name}, interactive`, target: `≤ ${budgetMs} ms`, measured: ms(p50), met: p50 <= budgetMs },
    );
  }
  for (const [name, runs] of moves) rows.push([name, '', ms(quantiles(runs).p50)]);
  return {
    id: 'k',
    title: 'The console',
    method:
      'Chromium without a window, its cache empty: what a screen loads, gzipped, and when it is shown and the page idle (median of 7). Then clicks in a team with 60 datasets, until what was asked for is shown (median of 7, with the time that driving the browser takes).',
    columns: ['what', 'size', 'time'],
    rows,
    checks,
  };
}
