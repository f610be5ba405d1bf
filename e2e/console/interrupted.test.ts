import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Listening, startSimulator } from '../../bench/src/lib/children.ts';
import { browserMissing } from '../lib/browser.ts';
import { type ConsoleWorld, openConsole } from '../lib/console.ts';
import { startServer } from '../lib/server.ts';

/** A hundred words, one every tenth of a second: time enough to break off in the middle. */
const slow = 'sim-100-100';
/** The model's words come in this order, again and again. */
const lastWords = /manual,$/;

describe.skipIf(browserMissing)('an answer that is broken off', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'lectern-interrupted-'));
  let simulator: Listening;
  let world: ConsoleWorld;
  let env: Record<string, string>;
  beforeAll(async () => {
    simulator = await startSimulator();
    env = { OPENAI_BASE_URL: `${simulator.url}/v1`, OPENAI_API_KEY: 'sk-simulated', CHAT_MODEL: slow };
    world = await openConsole([], { env, dataDir, killable: true });
  });
  afterAll(async () => {
    await world?.close();
    await simulator?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const answer = (page: Page) => page.getByText(/^the answer stands/).last();

  async function ask(page: Page, question: string): Promise<void> {
    const box = page.getByRole('textbox', { name: 'Your question' });
    await box.fill(question);
    await box.press('Enter');
    await answer(page)
      .getByText(/section four/)
      .waitFor();
  }

  test('goes on after a reload, and is kept when the server is killed; then it can be had again', async () => {
    const { page, outside } = await world.visit({ path: '/chat' });
    await ask(page, 'What stands in section four?');
    await page.reload();
    await answer(page).getByText(lastWords).waitFor();

    await ask(page, 'And in section five?');
    await world.server.kill();
    await page.getByText('The connection was lost').waitFor();
    const port = Number(new URL(world.server.url).port);
    world.server = await startServer([], { env, dataDir, port, killable: true });
    await page.getByText('The server stopped during this answer').waitFor();
    expect(await answer(page).textContent()).toMatch(/^the answer stands/);

    await page.getByRole('button', { name: 'Answer again' }).last().click();
    await page.getByText('The server stopped during this answer').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Stop the answer' }).waitFor({ state: 'detached' });
    await answer(page).getByText(lastWords).waitFor();
    expect(outside).toEqual([]);
  });
});
