import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { browserMissing } from '../lib/browser.ts';
import { accessProblems, type ConsoleWorld, openConsole } from '../lib/console.ts';
import { type Simulator, startSimulator } from '../lib/simulator.ts';

const passage = 'A grey heron stands 98 centimetres tall.';
const button = (page: Page, name: string | RegExp) =>
  page.getByRole('button', typeof name === 'string' ? { name, exact: true } : { name });

describe.skipIf(browserMissing)('the first run', () => {
  let world: ConsoleWorld;
  let simulator: Simulator;
  beforeAll(async () => {
    [world, simulator] = await Promise.all([
      openConsole(['--no-demo'], { env: { OLLAMA_URL: 'off' } }),
      startSimulator(),
    ]);
  });
  afterAll(async () => {
    simulator?.stop();
    await world?.close();
  });

  /** Types names into a field of tags. */
  async function tag(page: Page, field: string, name: string): Promise<void> {
    await page.getByRole('combobox', { name: field }).fill(name);
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
  }

  test('leads from the generated password over a tested model to an answer with its source', async () => {
    const { page, outside, complaints, dialogs } = await world.visit();
    // The address that the server prints.
    await page.goto('/');
    await page.getByLabel('Password', { exact: true }).fill(world.password);
    await button(page, 'Log in').click();

    // A password of one's own.
    await page.getByRole('heading', { name: 'Choose a password of your own' }).waitFor();
    expect(await accessProblems(page)).toEqual([]);
    await page.getByLabel('Present password').fill(world.password);
    await page.getByLabel('New password', { exact: true }).fill('four unrelated words');
    await page.getByLabel('New password, once more').fill('four unrelated wards');
    await button(page, 'Change password and go on').click();
    await page.getByText('The two passwords are not the same').waitFor();
    await page.getByLabel('New password, once more').fill('four unrelated words');
    await button(page, 'Change password and go on').click();

    // A model, with every obstacle explained: an address that nobody trusts yet, then one that is no interface.
    await page.getByRole('heading', { name: 'Connect a language model' }).waitFor();
    // Nobody has to look for the way on, on a phone neither.
    for (const viewport of [
      { width: 390, height: 844 },
      { width: 1280, height: 800 },
    ]) {
      await page.setViewportSize(viewport);
      const box = await button(page, 'Go on without a model').boundingBox();
      expect((box?.y ?? 9999) + (box?.height ?? 0)).toBeLessThanOrEqual(viewport.height);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(viewport.width);
    }
    await page.getByRole('combobox', { name: 'Service' }).click();
    await page.getByRole('option', { name: 'Another service' }).click();
    await page.getByLabel('Base URL').fill(simulator.baseUrl.replace('/v1', ''));
    await button(page, 'List models').click();
    await button(page, /^Trust http/).click();
    await page.getByText('The base URL often ends in /v1').waitFor();
    await page.getByLabel('Base URL').fill(simulator.baseUrl);
    await button(page, 'List models').click();
    await page.getByText('The provider named 5 models.').waitFor();
    await page.getByRole('combobox', { name: 'Chat models' }).click();
    await page.getByRole('option', { name: 'sim-50-0' }).click();
    await page.keyboard.press('Escape');
    await button(page, 'Embedding and rerank models').click();
    await tag(page, 'Embedding models', 'sim-embed');
    expect(await accessProblems(page)).toEqual([]);
    await button(page, 'Save and test connection').click();
    await page.getByText('It answered: "the answer stands').waitFor();
    await page.getByText('A vector of 64 dimensions.').waitFor();
    await button(page, 'Continue').click();

    // Knowledge.
    await page.getByRole('link', { name: /Make a dataset/ }).click();
    await button(page, /New dataset|Create the first dataset/)
      .first()
      .click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name', { exact: true }).fill('Birds');
    await dialog.getByRole('button', { name: 'Create', exact: true }).click();
    await page.waitForURL(/\/datasets\/[0-9a-f]{24}\/import/);
    await page.getByText('Text', { exact: true }).click();
    await page.getByLabel('Name', { exact: true }).fill('Herons');
    await page.getByRole('textbox', { name: 'Text' }).fill(passage);
    await button(page, 'Import text').click();
    await page
      .getByText(/Herons” is stored|is being imported/)
      .first()
      .waitFor();

    // An app, and its first answer.
    await page.goto('/apps');
    await button(page, /New app/)
      .first()
      .click();
    await page.getByLabel('Name', { exact: true }).fill('Bird expert');
    await button(page, 'Create and set up').click();
    await button(page, 'Choose datasets').click();
    await page.getByRole('checkbox', { name: /Birds/ }).check();
    await button(page, 'Use these').click();
    await button(page, 'Publish').click();
    await page.getByRole('status').getByText('Published', { exact: true }).waitFor();
    await page.goto('/chat');
    const question = page.getByRole('textbox', { name: 'Your question' });
    // To the simulator only equal texts mean the same.
    await question.fill(passage);
    await page.keyboard.press('Enter');
    await page
      .getByText(/the answer stands in section four/)
      .first()
      .waitFor();
    await page.getByRole('navigation', { name: 'Sources' }).getByRole('button', { name: 'Herons' }).click();
    const source = page.getByRole('region', { name: 'Source 1' });
    await source.getByText(passage).waitFor();
    expect({ outside, complaints, dialogs }).toEqual({ outside: [], complaints: [], dialogs: [] });
  }, 120_000);

  test('is not forced on anybody a second time, and models stay within reach', async () => {
    const { page, complaints } = await world.visit();
    await page.goto('/login');
    await page.getByLabel('Password', { exact: true }).fill('four unrelated words');
    await button(page, 'Log in').click();
    await page.waitForURL((url) => url.pathname.startsWith('/chat'));
    await page.goto('/settings/models');
    await button(page, 'Connect models').waitFor();
    await page.getByText('sim-50-0').first().waitFor();
    expect(await accessProblems(page)).toEqual([]);
    await button(page, 'Actions for sim-50-0').click();
    await page.getByRole('menuitem', { name: 'Test connection' }).click();
    await page.getByText('It answered: "the answer stands').waitFor();
    expect(await accessProblems(page)).toEqual([]);
    expect(complaints).toEqual([]);
  }, 60_000);
});
