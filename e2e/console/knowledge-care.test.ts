import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type EmbeddingUpstream,
  nowhere,
  startEmbeddings,
  wordsAsVector,
} from '../../server/src/models/testing/embeddings.ts';
import { answerWith, refuse } from '../../server/src/models/testing/upstream.ts';
import { browserMissing } from '../lib/browser.ts';
import { accessProblems, type ConsoleWorld, openConsole } from '../lib/console.ts';

/* What is done with knowledge that is there: corrected, deleted, carried elsewhere, embedded by another model. */

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true });
const base = '/api/core/dataset';

describe.skipIf(browserMissing)('knowledge is cared for', { timeout: 60_000 }, () => {
  let upstream: EmbeddingUpstream;
  let world: ConsoleWorld;
  beforeAll(async () => {
    upstream = await startEmbeddings(64);
    upstream.set({
      vectorOf: wordsAsVector,
      instead({ path, body, response }) {
        if (path.endsWith('/embeddings')) {
          upstream.set({ vectorOf: body.model === 'embed-2' ? nowhere : wordsAsVector });
          return false;
        }
        const asked = JSON.stringify(body.messages ?? '');
        if (asked.includes('unreadable')) refuse(response, 400, 'The model is out of words.');
        else if (asked.includes('Grey herons'))
          answerWith(response, 'Q1: Which herons are grey?\nA1: Grey herons.');
        else answerWith(response, 'Q1: How long are the beaks of herons?\nA1: 13 centimetres.');
        return true;
      },
    });
    const env = {
      OPENAI_BASE_URL: upstream.url,
      OPENAI_API_KEY: 'sk-test',
      EMBEDDING_MODEL: 'embed',
      CHAT_MODEL: 'up-1',
    };
    world = await openConsole(['--no-demo'], { env });
  });
  afterAll(async () => {
    await world?.close();
    await upstream?.close();
  });

  /** Calls the API as the person in front of the page, for what other journeys do by hand. */
  async function call(page: Page, path: string, data: object, method = 'POST') {
    const answer = await page.request.fetch(path, { method, data });
    expect(answer.status(), await answer.text()).toBe(200);
    return (await answer.json()).data;
  }

  /** A dataset with a collection of these passages. */
  async function filled(page: Page, name: string, passages: string[]) {
    const datasetId: string = await call(page, `${base}/create`, { name });
    const made = { datasetId, name: 'Birds', type: 'virtual' };
    const collectionId: string = await call(page, `${base}/collection/create`, made);
    if (passages.length > 0)
      await call(page, `${base}/data/pushData`, { collectionId, data: passages.map((q) => ({ q })) });
    return { datasetId, collectionId };
  }

  test('passages and documents are deleted with a way back, whatever screen is open', async () => {
    const { page, complaints } = await world.visit({ path: '/datasets' });
    const { datasetId, collectionId } = await filled(page, 'Birds', ['Herons stand.', 'Terns dive.']);
    await call(page, `${base}/collection/create`, { datasetId, name: 'Old notes', type: 'virtual' });
    const passages = async () => (await call(page, `${base}/data/v2/list`, { collectionId })).total;
    await page.goto(`/datasets/${datasetId}/collections/${collectionId}`);

    await button(page, 'Open passage 1').click();
    await button(page, 'Delete passage').click();
    await page.getByText('Herons stand.').waitFor({ state: 'detached' });
    await page.getByText('Deleted: Passage 1').waitFor();
    expect(await accessProblems(page)).toEqual([]);
    await button(page, 'Undo').click();
    await page.getByText('Herons stand.').waitFor();
    expect(await passages()).toBe(2);

    await button(page, 'Open passage 2').click();
    await button(page, 'Delete passage').click();
    // On another screen it waits for its moment, too, and the way back is still there.
    await page.getByRole('link', { name: 'Collections' }).click();
    await page.getByText('Deleted: Passage 2').waitFor();
    expect(await passages()).toBe(2);

    const row = page.getByRole('row').filter({ hasText: 'Old notes' });
    const more = button(page, 'More actions for Old notes');
    await more.click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await row.waitFor({ state: 'detached' });
    const notice = page.getByRole('alert').filter({ hasText: 'Deleted: Old notes' });
    await notice.getByRole('button', { name: 'Undo' }).click();
    await row.waitFor();
    await more.click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await notice.waitFor();
    // Whoever leaves the page has deleted it.
    await page.goto('/jobs');
    await expect.poll(passages).toBe(1);
    const documents = async () => (await call(page, `${base}/collection/listV2`, { datasetId })).total;
    await expect.poll(documents).toBe(1);
    expect(complaints).toEqual([]);
  });

  test('many documents are sorted, chosen beyond their page, and dealt with together', async () => {
    const { page, complaints } = await world.visit({ path: '/datasets' });
    const { datasetId, collectionId } = await filled(page, 'Many', ['Herons stand.', 'Terns dive.']);
    for (let n = 1; n <= 40; n += 1) {
      const name = `Note ${String(n).padStart(2, '0')}`;
      await call(page, `${base}/collection/create`, { datasetId, name, type: 'virtual' });
    }
    await page.goto(`/datasets/${datasetId}`);
    const rows = page.getByRole('row');
    await button(page, 'Passages').click();
    await rows.nth(1).filter({ hasText: 'Birds' }).waitFor();
    await button(page, 'Name').click();
    await rows.nth(2).filter({ hasText: 'Note 01' }).waitFor();
    await page
      .getByRole('columnheader', { name: 'Name' })
      .and(page.locator('[aria-sort=ascending]'))
      .waitFor();
    await page.getByLabel('Find by name').fill('Note');
    await page.getByText('Birds').waitFor({ state: 'detached' });
    await page.getByRole('checkbox', { name: 'Choose all' }).check();
    await page.getByText('30 chosen').waitFor();
    await button(page, 'Choose all 40 that match').click();
    await page.getByText('40 chosen').waitFor();
    expect(await accessProblems(page)).toEqual([]);
    await button(page, 'Switch off').click();
    const total = async (more: object) =>
      (await call(page, `${base}/collection/listV2`, { datasetId, ...more })).total;
    await expect.poll(() => total({ state: 'off' })).toBe(40);
    await page.getByRole('checkbox', { name: 'Choose Note 01' }).uncheck();
    await page.getByText('39 chosen').waitFor();
    await button(page, 'Delete').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click();
    const notice = page.getByRole('alert').filter({ hasText: 'Deleted: 39 entries' });
    await notice.getByRole('button', { name: 'Undo' }).click();
    await rows.filter({ hasText: 'Note 02' }).waitFor();
    expect(await total({})).toBe(41);

    // The field follows the address.
    await page.getByRole('tab', { name: 'Collections' }).click();
    await expect.poll(() => page.getByLabel('Find by name').inputValue()).toBe('');
    // A page past the end leads to the last there is.
    await page.goto(`/datasets/${datasetId}?sort=name&page=9`);
    await page.waitForURL(/page=2$/);
    await rows.filter({ hasText: 'Note 40' }).waitFor();
    // While the next list is on its way, the old one says so, and nothing of it can be chosen.
    let answer = () => {};
    const asked = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await page.route('**/collection/listV2', async (route) => {
      await asked;
      await route.continue();
    });
    await button(page, 'Name').click();
    await page.locator('[aria-busy=true]').filter({ hasText: 'Note 40' }).waitFor();
    expect(await page.getByRole('checkbox', { name: 'Choose Note 40' }).isDisabled()).toBe(true);
    answer();
    await page.locator('[aria-busy=false]').filter({ hasText: 'Note 11' }).waitFor();
    await page.unroute('**/collection/listV2');
    await page.goto(`/datasets/${datasetId}/collections/${collectionId}`);
    await page.getByText('Terns dive.').waitFor();
    expect(complaints).toEqual([]);
  });

  test('a CSV with a row that is none says so, and one that is no table is refused with what to do', async () => {
    const { page, complaints } = await world.visit({ path: '/datasets' });
    const datasetId: string = await call(page, `${base}/create`, { name: 'Questions' });
    await page.goto(`/datasets/${datasetId}/import`);
    await page.getByText('Questions (CSV)').click();
    const csv = (name: string, text: string) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
    await page
      .getByLabel('Choose CSV files')
      .setInputFiles([
        csv(
          'leave.csv',
          'q,a,indexes\nHow many days?,30 days,vacation\n,nobody asked\nWho says so?,The law\n',
        ),
        csv('words.csv', 'just some words\n'),
      ]);
    await button(page, 'Import 2 files').click();
    await page.getByText('words.csv is no CSV of questions and answers').waitFor();
    const job = page.getByRole('listitem', { name: 'leave.csv' });
    await job.getByText('Done').waitFor();
    await job.getByText('1 row left out').waitFor();
    expect(await accessProblems(page)).toEqual([]);
    await button(page, 'Remove words.csv').click();
    await page.getByText('words.csv is no CSV').waitFor({ state: 'detached' });
    await job.getByRole('link', { name: 'leave.csv' }).click();
    await page.getByText('1 row has no question (q) and was left out: row 3.').waitFor();
    await page.getByText('Who says so?').waitFor();
    expect(complaints).toEqual([]);
  });

  test('what a model would not read is shown with its cause, corrected and tried again', async () => {
    const { page, complaints } = await world.visit({ path: '/datasets' });
    const { datasetId, collectionId } = await filled(page, 'Trained', []);
    const data = [{ q: 'An unreadable text.' }, { q: 'Herons have beaks.' }];
    await call(page, `${base}/data/pushData`, { collectionId, trainingType: 'qa', data });
    await page.goto(`/datasets/${datasetId}/collections/${collectionId}`);
    await page.getByText('1 item of this collection failed.').waitFor();
    await button(page, 'Show it').click();
    const drawer = page.getByRole('dialog', { name: 'What failed' });
    await drawer.getByText('The model or its key').waitFor();
    await drawer.getByText('The model is out of words.').waitFor();
    expect(await accessProblems(page)).toEqual([]);
    await drawer.getByLabel('Its text').fill('Grey herons have beaks.');
    await drawer.getByRole('button', { name: 'Save and try again' }).click();
    await drawer.getByText('Nothing failed').waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('Which herons are grey?').waitFor();
    await page.getByText('How long are the beaks of herons?').waitFor();
    await page.getByText('1 item of this collection failed.').waitFor({ state: 'detached' });
    expect(complaints).toEqual([]);
  });

  test('another embedding model is compared on the saved questions, switched to and taken back', async () => {
    const { page, complaints } = await world.visit({ path: '/datasets' });
    const second = { model: 'embed-2', type: 'embedding', requestUrl: `${upstream.url}/embeddings` };
    await call(page, '/api/core/ai/trustedOrigin', { origin: new URL(upstream.url).origin });
    await call(page, '/api/core/ai/model/update', second, 'PUT');
    const { datasetId, collectionId } = await filled(page, 'Zoo', [
      'Herons stand.',
      'Terns dive.',
      'Gulls cry.',
    ]);
    const { list } = await call(page, `${base}/data/v2/list`, { collectionId });
    const saved = { datasetId, question: 'Who dives? Terns.', expectedDataIds: [list[1]._id] };
    await call(page, `${base}/savedQuestion`, saved);
    await page.goto(`/datasets/${datasetId}/settings`);
    const field = page.getByRole('combobox', { name: 'Change to' });
    await field.click();
    await page.getByRole('option', { name: 'embed-2' }).click();
    await page.getByLabel('When I say so').check();
    expect(await accessProblems(page)).toEqual([]);
    await button(page, 'Make the second index').click();
    await page.getByText('The second index with embed-2 is complete and waits for you.').waitFor();
    await page.getByRole('cell', { name: 'embed-2 (new)' }).first().waitFor();
    await page.getByRole('cell', { name: 'embed (old)' }).first().waitFor();
    expect(await accessProblems(page)).toEqual([]);
    await button(page, 'Switch now').click();
    await page.getByText('Searches use embed-2 now.').waitFor();
    await button(page, 'Take back').click();
    await page.getByText('The change to embed-2 was taken back. embed is in use again.').waitFor();
    expect(complaints).toEqual([]);
  });

  test('a dataset leaves as an archive and comes back as a new one', async () => {
    const { page, complaints } = await world.visit({ path: '/datasets' });
    const { datasetId } = await filled(page, 'Library', ['Herons stand.', 'Terns dive.']);
    await page.goto(`/datasets/${datasetId}/settings`);
    await button(page, 'Make archive').click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Library.zip' }).click(),
    ]);
    const bytes = await readFile(await download.path());

    await page.goto('/datasets');
    await button(page, 'New dataset').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Archive', { exact: true }).click();
    await dialog.getByText(/up to 500 MB/).waitFor();
    const file = page.locator('input[type=file][accept*=zip]');
    await file.setInputFiles({
      name: 'Library.zip',
      mimeType: 'application/zip',
      buffer: Buffer.from('words'),
    });
    await dialog.getByText('Library.zip', { exact: true }).waitFor();
    await button(page, 'Restore').click();
    await dialog.getByText(/The archive cannot be restored/).waitFor();
    await dialog.getByRole('button', { name: 'Remove Library.zip' }).click();
    await file.setInputFiles({ name: 'Library.zip', mimeType: 'application/zip', buffer: bytes });
    await dialog.getByText(/^Ready/).waitFor();
    expect(await accessProblems(page)).toEqual([]);
    await dialog.getByLabel('Name').fill('Library again');
    await button(page, 'Restore').click();
    await page.waitForURL('**/jobs');
    const job = page.getByRole('listitem').filter({ hasText: 'Import archive' });
    await job.getByText('Done').waitFor();
    await page.getByRole('link', { name: 'Datasets' }).click();
    await page.getByRole('link', { name: 'Library again' }).click();
    await page.getByRole('link', { name: 'Birds' }).click();
    await page.getByText('Terns dive.').waitFor();
    expect(complaints).toEqual([]);
  });
});
