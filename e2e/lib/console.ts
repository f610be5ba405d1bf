import { resolve } from 'node:path';
import axe, { type AxeResults } from 'axe-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { loadingOf } from '../../bench/src/lib/loading.ts';
import { buildConsole, consoleIsBuilt } from '../../scripts/lib/console.mjs';
import { launchBrowser } from './browser.ts';
import { type StartedServer, startServer } from './server.ts';

const root = resolve(import.meta.dirname, '../..');

/** A person in front of the console: their browser's page, and what it did that it should not have. */
export interface Visitor {
  page: Page;
  context: BrowserContext;
  /** Requests that left for another host; always empty unless something is wrong. */
  outside: string[];
  /** Errors in the browser's console, and exceptions. */
  complaints: string[];
  /** Dialogs that a script opened. */
  dialogs: string[];
  /** Waits until nothing more is loaded. The feed of jobs, which never ends, does not count. */
  settled(): Promise<void>;
}

/** A server on a fresh directory with its console, and a browser. */
export interface ConsoleWorld {
  server: StartedServer;
  browser: Browser;
  /** The generated password of `root`. */
  password: string;
  visit(options?: VisitOptions): Promise<Visitor>;
  close(): Promise<void>;
}

interface VisitOptions {
  lang?: 'en' | 'zh';
  dark?: boolean;
  /** Pixels; a phone has 390 × 844. */
  viewport?: { width: number; height: number };
  /** Log in as root and go here; without it nothing is opened. */
  path?: string;
}

/** The password that the first start printed. */
export const passwordOf = (server: StartedServer): string =>
  /(?:Password|密码)\s+(\S+)/.exec(server.message)?.[1] ?? '';

/** Builds the console if it is not up to date, starts a server as a user does and a browser. */
export async function openConsole(
  args: string[] = [],
  options: Parameters<typeof startServer>[1] = {},
): Promise<ConsoleWorld> {
  if (!consoleIsBuilt(root)) await buildConsole(root);
  const [server, browser] = await Promise.all([startServer(args, options), launchBrowser()]);
  const world: ConsoleWorld = {
    server,
    browser,
    password: passwordOf(server),
    visit: (visit) => visitConsole(world, visit ?? {}),
    close: async () => {
      await browser.close();
      // A journey may have started another in its place.
      await world.server.stop();
    },
  };
  return world;
}

async function visitConsole(world: ConsoleWorld, options: VisitOptions): Promise<Visitor> {
  const context = await world.browser.newContext({
    baseURL: world.server.url,
    locale: options.lang === 'zh' ? 'zh-CN' : 'en-US',
    colorScheme: options.dark ? 'dark' : 'light',
    viewport: options.viewport ?? { width: 1280, height: 800 },
    // A menu that is still fading away has lost its items, which is no fault of the page.
    reducedMotion: 'reduce',
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const page = await context.newPage();
  const visitor: Visitor = {
    page,
    context,
    outside: [],
    complaints: [],
    dialogs: [],
    settled: loadingOf(page),
  };
  watch(visitor, world.server.url);
  if (options.path !== undefined) {
    await login(page, 'root', world.password, options.path);
  }
  return visitor;
}

function watch({ page, outside, complaints, dialogs }: Visitor, origin: string): void {
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith('http') && url.origin !== origin) outside.push(request.url());
  });
  page.on('console', (message) => {
    // What the server refuses is the page's business to show; the browser complains of each 4xx all the same.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('dialog', async (dialog) => {
    dialogs.push(dialog.message());
    await dialog.dismiss();
  });
}

/** Logs in through the form, in either language, and goes on to `path`: as somebody who has seen the first steps. */
export async function login(page: Page, username: string, password: string, path = '/'): Promise<void> {
  await page.addInitScript("localStorage.setItem('lectern-welcome-left', '1')");
  await page.goto(`/login?redirect=${encodeURIComponent(path)}`);
  await page.locator('input[autocomplete="username"]').fill(username);
  await page.locator('input[autocomplete="current-password"]').fill(password);
  await page.locator('button[type="submit"]').click();
  await page.waitForURL((url) => url.pathname !== '/login');
}

/** What axe finds that keeps people from using the page: problems that are serious or critical, one a line. */
export async function accessProblems(page: Page): Promise<string[]> {
  // The page's policy refuses scripts that are added; evaluating is not adding.
  await page.evaluate(axe.source);
  const results = await page.evaluate<AxeResults>("axe.run(document, { resultTypes: ['violations'] })");
  return results.violations
    .filter((violation) => violation.impact === 'serious' || violation.impact === 'critical')
    .flatMap((violation) =>
      violation.nodes.map((node) => `${violation.id}: ${node.html.slice(0, 160)} (${node.target.join(' ')})`),
    );
}
