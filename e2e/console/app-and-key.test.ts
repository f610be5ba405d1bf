import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { browserMissing } from '../lib/browser.ts';
import { accessProblems, type ConsoleWorld, openConsole } from '../lib/console.ts';

/** Runs a line as somebody who pasted it into a shell. */
async function shell(line: string): Promise<string> {
  const { stdout } = await promisify(execFile)('sh', ['-c', line]);
  return stdout;
}

const clean = { outside: [], complaints: [], dialogs: [] };
const shownKey = async (page: Page) => (await page.getByLabel('The new key').textContent()) ?? '';
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

describe.skipIf(browserMissing)('apps and the keys to them', () => {
  let world: ConsoleWorld;
  beforeAll(async () => {
    world = await openConsole();
    // On a busy machine building the console alone takes most of a minute.
  }, 180_000);
  afterAll(() => world?.close());

  /** Makes an app and waits until its form is there. */
  async function createApp(page: Page, name: string): Promise<void> {
    await button(page, 'New app').click();
    await page.getByLabel('Name', { exact: true }).fill(name);
    await button(page, 'Create and set up').click();
    await page.getByRole('heading', { level: 1, name }).waitFor();
    await page.getByRole('textbox', { name: 'Prompt' }).waitFor();
  }

  test('an app is made, a key to it is used from a shell, revoked, and refused', async () => {
    const { page, outside, complaints, dialogs } = await world.visit({ path: '/apps' });
    await page.getByRole('link', { name: /Lectern guide/ }).waitFor();
    expect(await accessProblems(page)).toEqual([]);
    await createApp(page, 'Key helper');

    await button(page, 'Choose datasets').click();
    await page.getByRole('checkbox', { name: /Lectern documentation/ }).check();
    await button(page, 'Use these').click();
    await page.getByText('Unsaved changes').waitFor();
    const preview = page.getByRole('region', { name: 'Try it' });
    await preview.getByPlaceholder('Ask Key helper something').fill('Which two kinds of API key are there?');
    await page.keyboard.press('Enter');
    await preview
      .getByText(/global key/i)
      .last()
      .waitFor();
    await preview.getByRole('button', { name: 'Answer again' }).waitFor();
    expect(await accessProblems(page)).toEqual([]);
    await button(page, 'Publish').click();
    await page.getByRole('status').getByText('Published', { exact: true }).waitFor();

    await page.getByRole('tab', { name: 'API' }).click();
    await button(page, 'Create a key').click();
    await page.getByLabel('Name', { exact: true }).fill('From a shell');
    await button(page, 'Create the key').click();
    const key = await shownKey(page);
    expect(key).toMatch(/^fastgpt-[A-Za-z0-9]{56}$/);
    await button(page, 'Copy the key').click();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(key);
    await button(page, 'I have stored it').click();
    await page.getByLabel('The new key').waitFor({ state: 'detached' });

    await page.getByLabel('Question').fill('Which two kinds of API key are there?');
    const code = await page.getByRole('region', { name: 'Code for curl' }).textContent();
    const answer = JSON.parse(await shell(`${code} -s`));
    expect(answer.choices[0].message.content).toMatch(/global key/i);

    await button(page, 'Send').click();
    await page.getByText('HTTP 200').waitFor();
    expect(await accessProblems(page)).toEqual([]);

    await button(page, 'Actions for the key From a shell').click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    const asked = page.getByRole('dialog', { name: 'Delete “From a shell”?' });
    await asked.getByText(key.slice(-4)).waitFor();
    await asked.getByRole('button', { name: 'Delete' }).click();
    await page.getByText('None yet.').waitFor();
    const refused = JSON.parse(await shell(`${code} -s`));
    expect(refused).toMatchObject({ code: 514, error: { type: 'authentication_error' } });
    await button(page, 'Send').click();
    await page.getByText('HTTP 401').waitFor();
    expect({ outside, complaints, dialogs }).toEqual(clean);
  });

  /** The same app in two tabs: whoever stores last is asked, and nothing is overwritten unseen. */
  async function storedInTwoTabs(page: Page, other: Page): Promise<void> {
    await other.goto(page.url());
    const prompt = page.getByRole('textbox', { name: 'Prompt' });
    const welcome = page.getByLabel('Welcome text');
    const saved = (tab: Page) => tab.getByRole('status').getByText('Draft not published').waitFor();
    const storeElsewhere = async (text: string) => {
      await other.getByLabel('Welcome text').fill(text);
      await button(other, 'Save draft').click();
      await saved(other);
    };
    await storeElsewhere('All aboard!');
    await prompt.fill('You know every night train.');
    await button(page, 'Save draft').click();
    const asked = page.getByRole('dialog', { name: 'Changed meanwhile' });
    await asked.getByText('You have changed this in another place (just now)').waitFor();
    expect(await accessProblems(page)).toEqual([]);
    await button(page, 'Go on editing').click();
    await asked.waitFor({ state: 'detached' });
    expect([await prompt.inputValue(), await welcome.inputValue()]).toEqual([
      'You know every night train.',
      '',
    ]);
    await button(page, 'Save draft').click();
    await button(page, 'Load the other version, drop mine').click();
    await welcome.getByText('All aboard!').waitFor();
    expect(await prompt.inputValue()).toBe('You know every train.');

    await prompt.fill('You know every night train.');
    await storeElsewhere('Mind the gap!');
    await button(page, 'Save draft').click();
    await button(page, 'Keep mine, overwrite the other version').click();
    await saved(page);
    await other.reload();
    await other.getByLabel('Welcome text').getByText('All aboard!').waitFor();
    expect(await other.getByRole('textbox', { name: 'Prompt' }).inputValue()).toBe(
      'You know every night train.',
    );
    await other.close();

    // What is typed while it is being stored stays a change, of one's own.
    const { promise: held, resolve: go } = Promise.withResolvers<void>();
    await page.route('**/version/publish*', async (route) => {
      await held;
      await route.continue();
    });
    await prompt.fill('You know every slow train.');
    // A key that is held saves once.
    await prompt.press('ControlOrMeta+s');
    await prompt.press('ControlOrMeta+s');
    await prompt.fill('You know every slow train and bus.');
    go();
    await page.getByText('Unsaved').waitFor();
    await button(page, 'Save draft').and(page.locator(':enabled')).click();
    await saved(page);
    await page.unroute('**/version/publish*');
    expect(await prompt.inputValue()).toBe('You know every slow train and bus.');

    const discarding = page.getByRole('dialog', { name: 'Discard your changes?' });
    await prompt.fill('You know nothing.');
    await button(page, 'Discard').click();
    await discarding.getByRole('button', { name: 'Stay here' }).click();
    await discarding.waitFor({ state: 'detached' });
    expect(await prompt.inputValue()).toBe('You know nothing.');
    await button(page, 'Discard').click();
    await discarding.getByRole('button', { name: 'Discard' }).click();
    await discarding.waitFor({ state: 'detached' });
    expect(await prompt.inputValue()).toBe('You know every slow train and bus.');
  }

  test('changes are not left behind by mistake, and an export makes the same app again', async () => {
    const { page, context, outside, complaints, dialogs } = await world.visit({ path: '/apps' });
    await createApp(page, 'Traveller');
    await page.getByRole('textbox', { name: 'Prompt' }).fill('You know every train.');
    await page.getByRole('link', { name: 'Datasets', exact: true }).click();
    const leaving = page.getByRole('dialog', { name: 'Leave without saving?' });
    await leaving.getByRole('button', { name: 'Stay here' }).click();
    await leaving.waitFor({ state: 'detached' });
    await button(page, 'Save draft').click();
    await page.getByText('Draft not published').waitFor();

    await storedInTwoTabs(page, await context.newPage());

    await button(page, 'Actions for Traveller').click();
    const download = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: 'Export as JSON' }).click();
    const file = await (await download).path();
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
      name: 'Traveller',
      nodes: expect.any(Array),
    });

    await page.goto('/apps');
    await button(page, 'More').click();
    await page.getByRole('menuitem', { name: 'Import from JSON' }).click();
    await page.getByLabel('Or paste the JSON here').fill('{"nodes": 1}');
    await page.getByText('This JSON holds no app').waitFor();
    await page.getByLabel('Or paste the JSON here').fill(readFileSync(file, 'utf8'));
    await page.getByLabel('Name', { exact: true }).fill('Traveller again');
    await button(page, 'Import').click();
    await page.getByRole('heading', { level: 1, name: 'Traveller again' }).waitFor();
    expect(await page.getByRole('textbox', { name: 'Prompt' }).inputValue()).toBe(
      'You know every slow train and bus.',
    );
    expect({ outside, complaints, dialogs }).toEqual(clean);
  });

  test('what is deleted comes back at once or from the list of what was, until it is deleted for good', async () => {
    const { page, outside, complaints, dialogs } = await world.visit({ path: '/apps' });
    const remove = async (name: string, menu: string) => {
      await button(page, menu).click();
      await page.getByRole('menuitem', { name: 'Delete' }).click();
      const asked = page.getByRole('dialog', { name: `Delete “${name}”?` });
      await asked.getByText('You can restore it for 7 days.').waitFor();
      await asked.getByRole('button', { name: 'Delete' }).click();
      await page.getByText(`Deleted: ${name}`).waitFor();
    };
    await createApp(page, 'Short-lived');
    await remove('Short-lived', 'Actions for Short-lived');
    await button(page, 'Undo').click();
    await page.getByText('Restored: Short-lived').waitFor();
    await page.getByRole('link', { name: 'Short-lived', exact: true }).waitFor();

    await remove('Short-lived', 'Actions for Short-lived');
    await page.getByRole('link', { name: 'Recently deleted 1' }).click();
    await page.getByRole('heading', { level: 1, name: 'Recently deleted' }).waitFor();
    expect(await accessProblems(page)).toEqual([]);
    await button(page, 'Restore Short-lived').click();
    await page.getByText('Nothing to restore').waitFor();
    expect(await accessProblems(page)).toEqual([]);
    await page.getByRole('link', { name: 'To the apps' }).click();
    await page.getByRole('link', { name: 'Short-lived', exact: true }).waitFor();

    await remove('Short-lived', 'Actions for Short-lived');
    await page.goto('/apps/deleted');
    await button(page, 'Delete Short-lived for good').click();
    const asked = page.getByRole('dialog', { name: 'Delete “Short-lived” for good?' });
    await asked.getByText('This cannot be undone.').waitFor();
    await asked.getByRole('button', { name: 'Delete' }).click();
    await page.getByText('Nothing to restore').waitFor();

    await page.goto('/datasets');
    const documents = page.getByRole('link', { name: /Lectern documentation/ });
    const name = (await documents.textContent()) ?? '';
    await remove(name, `More actions for ${name}`);
    await page.getByRole('link', { name: 'Recently deleted 1' }).waitFor();
    await button(page, 'Undo').click();
    await documents.waitFor();
    await documents.click();
    await page.getByRole('tab', { name: 'Search test' }).click();
    await page.getByLabel('Question', { exact: true }).fill('Which two kinds of API key are there?');
    await page.getByLabel('Question', { exact: true }).press('Enter');
    await page
      .getByText(/global key/i)
      .first()
      .waitFor();
    expect({ outside, complaints, dialogs }).toEqual(clean);
  });

  test('long lists are drawn as far as somebody has come, and searched whole', async () => {
    const { page, outside, complaints, dialogs } = await world.visit({ path: '/account' });
    await page.evaluate(async () => {
      const headers = { 'content-type': 'application/json' };
      for (let n = 100; n < 170; n += 1) {
        const body = JSON.stringify({ name: `Row ${n}`, type: 'simple' });
        await fetch('/api/core/app/create', { method: 'POST', headers, body });
      }
    });
    await page.goto('/apps');
    const part = page.getByRole('status').filter({ hasText: /^60 of \d+$/ });
    await part.waitFor();
    const all = Number((await part.textContent())?.split(' ').at(-1));
    const cards = page.locator('#content').getByRole('heading', { level: 2 });
    expect(await cards.count()).toBe(60);
    await part.scrollIntoViewIfNeeded();
    await expect.poll(() => cards.count()).toBe(all);
    await part.waitFor({ state: 'detached' });
    // Of what is drawn first, and of what is drawn last.
    for (const name of ['Row 169', 'Row 100']) {
      await page.getByRole('searchbox').fill(name);
      await expect.poll(() => cards.allTextContents()).toEqual([name]);
    }

    await page.goto('/chat');
    await page.getByTitle(/^Choose an app/).click();
    await page.getByRole('option', { name: 'Row 169' }).waitFor();
    expect(await accessProblems(page)).toEqual([]);
    await page.getByPlaceholder('Search apps').fill('Row 100');
    await expect
      .poll(() => page.getByRole('option').allTextContents())
      .toEqual([expect.stringContaining('Row 100')]);
    expect({ outside, complaints, dialogs }).toEqual(clean);
  });

  test('a key is rotated: both work, then the list says so', async () => {
    const { page, outside, complaints, dialogs } = await world.visit({ path: '/api-keys' });
    await button(page, 'Create a key').click();
    await page.getByLabel('Name', { exact: true }).fill('Nightly import');
    await button(page, 'Create the key').click();
    const old = await shownKey(page);
    await button(page, 'I have stored it').click();
    expect(await accessProblems(page)).toEqual([]);
    await button(page, 'Actions for the key Nightly import').click();
    await page.getByRole('menuitem', { name: 'Rotate' }).click();
    await button(page, 'Rotate').click();
    const fresh = await shownKey(page);
    await button(page, 'I have stored it').click();
    await page.getByText('Old key still works').waitFor();
    const statuses = [old, fresh].map(async (key) => {
      const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
      const url = `${world.server.url}/api/core/dataset/list`;
      return (await fetch(url, { method: 'POST', headers, body: '{}' })).status;
    });
    expect(await Promise.all(statuses)).toEqual([200, 200]);
    expect({ outside, complaints, dialogs }).toEqual(clean);
  });

  test('the documentation of the API is shown in the frame', async () => {
    const { page, outside, complaints, dialogs } = await world.visit({ lang: 'zh', path: '/api-docs' });
    const frame = page.frameLocator('iframe');
    await frame.getByText('知识库', { exact: true }).first().waitFor({ timeout: 40_000 });
    expect({ outside, complaints, dialogs }).toEqual(clean);
  });
});
