import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type EmbeddingUpstream,
  startEmbeddings,
  wordsAsVector,
} from '../../server/src/models/testing/embeddings.ts';
import { browserMissing } from '../lib/browser.ts';
import { accessProblems, type ConsoleWorld, openConsole } from '../lib/console.ts';

const clean = { outside: [], complaints: [], dialogs: [] };
const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true });

const handbook = `# Leave

Everyone has 30 days of leave a year.

# Travel

Hotels are paid up to 120 euros a night. Receipts are kept for ten years.

# Laptops

A laptop is exchanged after four years.
`;

/** Calls the API as the person in front of the page, for what other journeys do by hand. */
async function call(page: Page, path: string, body: object): Promise<string> {
  const answer = await page.request.post(`/api/core/dataset/${path}`, { data: body });
  expect(answer.status(), await answer.text()).toBe(200);
  return (await answer.json()).data;
}

/** Uploads a file to a new dataset; answers the ids of both. */
async function bringIn(page: Page): Promise<{ datasetId: string; collectionId: string }> {
  const datasetId = await call(page, 'create', { name: 'Handbook' });
  const params = {
    datasetId,
    chunkSettingMode: 'custom',
    chunkTriggerType: 'forceChunk',
    paragraphChunkDeep: 1,
  };
  const answer = await page.request.post('/api/core/dataset/collection/create/localFile', {
    multipart: {
      data: JSON.stringify(params),
      file: { name: 'handbook.md', mimeType: 'text/markdown', buffer: Buffer.from(handbook) },
    },
  });
  return { datasetId, collectionId: (await answer.json()).data.collectionId };
}

/** Waits until every passage of a collection has its vectors. */
async function embedded(page: Page, collectionId: string): Promise<void> {
  await expect
    .poll(
      async () => {
        const answer = await page.request.post('/api/core/dataset/data/v2/list', { data: { collectionId } });
        const { list } = (await answer.json()).data;
        return (
          list.length > 0 &&
          list.every((item: Record<string, number>) => item.embeddedAmount === item.indexAmount)
        );
      },
      { timeout: 30_000 },
    )
    .toBe(true);
}

describe.skipIf(browserMissing)('knowledge that is there', { timeout: 60_000 }, () => {
  let upstream: EmbeddingUpstream;
  let world: ConsoleWorld;
  beforeAll(async () => {
    upstream = await startEmbeddings(64);
    upstream.set({
      vectorOf: wordsAsVector,
      // The server asks what models there are; this one has nothing but vectors.
      instead: ({ path, response }) => {
        if (path.endsWith('/embeddings')) return false;
        response.writeHead(404).end();
        return true;
      },
    });
    const env = { OPENAI_BASE_URL: upstream.url, OPENAI_API_KEY: 'sk-test', EMBEDDING_MODEL: 'embed' };
    world = await openConsole(['--no-demo'], { env });
  });
  afterAll(async () => {
    await world?.close();
    await upstream?.close();
  });

  test('is searched with every stage explained, kept as a question, measured, and corrected', async () => {
    const { page, outside, complaints, dialogs } = await world.visit({ path: '/datasets' });
    const { datasetId, collectionId } = await bringIn(page);
    await embedded(page, collectionId);

    await page.goto(`/datasets/${datasetId}/search`);
    await page.getByLabel('Question', { exact: true }).fill('How much are hotels a night?');
    await page.getByLabel('Question', { exact: true }).press('Enter');
    const first = page.getByRole('article', { name: 'Result 1', exact: true });
    await first.getByText('120 euros a night').waitFor();
    await first.getByText(/^Words \d/).waitFor();
    await first.getByText(/^Meaning \d/).waitFor();
    expect(await page.evaluate('CSS.highlights.get("found-words").size')).toBeGreaterThan(1);
    expect(await accessProblems(page)).toEqual([]);

    await page.getByText('How it was found').click();
    for (const stage of ['Question to numbers', 'By words', 'By meaning', 'Put together', 'Token limit'])
      await page.getByRole('button', { name: new RegExp(`^${stage}`) }).waitFor();
    await page.getByRole('button', { name: /^By words/ }).click();
    await page
      .getByRole('cell', { name: /Hotels are paid/ })
      .first()
      .waitFor();
    expect(await accessProblems(page)).toEqual([]);

    await page.getByText('Results', { exact: true }).click();
    await first.getByRole('checkbox', { name: 'Right answer' }).check();
    await button(page, 'Save as question').click();
    await page.getByRole('link', { name: 'Show saved questions' }).click();
    await page.getByRole('cell', { name: 'How much are hotels a night?' }).waitFor();
    await page.getByRole('cell', { name: /handbook/ }).waitFor();

    await page.getByRole('tab', { name: 'Evaluations' }).click();
    await button(page, 'Run evaluation').first().click();
    await page.getByLabel('Name').fill('as it is');
    await page.getByRole('switch', { name: 'Compare two settings' }).check();
    await button(page, 'Start').click();
    await page.getByRole('heading', { name: 'as it is' }).waitFor();
    await page.getByRole('region', { name: 'Settings B' }).waitFor();
    await page.getByText('place 1').nth(1).waitFor();
    await page.getByText(/^MRR says/).waitFor();
    expect(await page.getByText('100%').count()).toBeGreaterThan(3);
    await page.getByText('Both found what is expected at the same places.').waitFor();
    await page.getByText('Better in B 0', { exact: true }).click();
    await page.getByText('There is no such question.').waitFor();
    await page.getByText('The same 1', { exact: true }).click();
    await button(page, /How much are hotels a night\?/).click();
    await page.getByText('expected', { exact: true }).nth(1).waitFor();
    expect(await accessProblems(page)).toEqual([]);

    // The next evaluation has one setting; it is compared with the one before.
    await button(page, 'Evaluations').click();
    await button(page, 'Run evaluation').click();
    await page.getByLabel('Name').fill('later');
    await button(page, 'Start').click();
    await page.getByRole('heading', { name: 'later' }).waitFor();
    await page.getByRole('combobox', { name: 'Compare with' }).click();
    await page.getByRole('option').first().click();
    const before = page.getByRole('region', { name: 'Settings B' });
    await before.getByText(/^as it is/).waitFor();
    await page.getByText('Neither is ahead: each is better in 0 of 1 question.').waitFor();
    await page.reload();
    await before.waitFor();
    expect(await accessProblems(page)).toEqual([]);
    expect({ outside, complaints, dialogs }).toEqual(clean);
  });

  test('two settings are compared, with how places differ', async () => {
    const { page } = await world.visit({ path: '/datasets' });
    const { datasetId, collectionId } = await bringIn(page);
    await embedded(page, collectionId);
    await page.goto(`/datasets/${datasetId}/search?q=laptop`);
    await page.getByRole('switch', { name: 'Compare two settings' }).check();
    await button(page, 'Search').click();
    await page.getByRole('heading', { name: 'Settings B' }).waitFor();
    await page.getByRole('img', { name: 'Same place in the other' }).first().waitFor();
    await page.getByText('only here').first().waitFor();
    expect(await accessProblems(page)).toEqual([]);

    const stale = page.getByText('what stands below was found by the former ones');
    await button(page, /^Settings A/).click();
    await page.getByText('Meaning', { exact: true }).first().click();
    await stale.waitFor();
    await button(page, 'Ask again').click();
    await stale.waitFor({ state: 'detached' });
  });

  test('is read, corrected and taken back; what was not saved is not lost without asking', async () => {
    const { page, complaints, dialogs } = await world.visit({ path: '/datasets' });
    const { datasetId, collectionId } = await bringIn(page);
    await embedded(page, collectionId);
    await page.goto(`/datasets/${datasetId}/collections/${collectionId}`);
    await button(page, 'Open passage 1').click();
    const text = page.getByRole('textbox', { name: 'Text', exact: true });
    await text.fill('Everyone has 32 days of leave a year.');
    await button(page, 'Close passage').click();
    await button(page, 'Go on editing').click();
    await button(page, 'Delete passage').click();
    await button(page, 'Go on editing').click();
    await button(page, 'Undo changes').click();
    await button(page, 'Go on editing').click();
    expect(await button(page, 'Undo').count()).toBe(0);
    expect(await text.inputValue()).toBe('Everyone has 32 days of leave a year.');
    await button(page, 'Save').click();
    await page.getByRole('tab', { name: 'History (1)' }).click();
    await button(page, 'Restore').click();
    await page.getByRole('tab', { name: 'History (2)' }).waitFor();
    await page.getByRole('tab', { name: 'Text' }).click();
    await expect.poll(() => text.first().inputValue()).toContain('30 days');
    await page.getByRole('tab', { name: /^Indexes/ }).click();
    await button(page, 'Add index').click();
    await text.last().fill('annual vacation');
    await button(page, 'Save').last().click();
    await page.getByText('annual vacation').waitFor();
    expect(await accessProblems(page)).toEqual([]);
    await page.getByRole('tab', { name: /^Indexes/ }).press('Escape');
    await page.waitForURL((url) => !url.searchParams.has('data'));
    expect({ complaints, dialogs }).toEqual({ complaints: [], dialogs: [] });
  });
});
