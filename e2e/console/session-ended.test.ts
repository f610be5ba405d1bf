import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { browserMissing } from '../lib/browser.ts';
import { accessProblems, type ConsoleWorld, login, openConsole, type Visitor } from '../lib/console.ts';

describe.skipIf(browserMissing)('a session that ends while somebody works', () => {
  let world: ConsoleWorld;
  beforeAll(async () => {
    world = await openConsole(['--no-demo']);
  });
  afterAll(() => world?.close());

  async function logInAgain({ page }: Visitor): Promise<void> {
    const dialog = page.getByRole('dialog', { name: 'Log in again' });
    await dialog.getByText('Nothing on this page is lost').waitFor();
    expect(await accessProblems(page)).toEqual([]);
    expect(await dialog.getByLabel('User name').inputValue()).toBe('root');
    await dialog.getByLabel('Password', { exact: true }).fill('not the password');
    await dialog.getByRole('button', { name: 'Log in', exact: true }).click();
    await dialog.getByText('Wrong user name or password').waitFor();
    await dialog.getByLabel('Password', { exact: true }).fill(world.password);
    await dialog.getByRole('button', { name: 'Log in', exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
  }

  test('costs neither the changes of an app nor a question', async () => {
    const visitor = await world.visit({ path: '/apps' });
    const { page, context, complaints } = visitor;
    await page.getByRole('button', { name: 'New app' }).first().click();
    const form = page.getByRole('dialog');
    await form.getByRole('textbox', { name: 'Name' }).fill('Kept');
    await form.getByRole('button', { name: 'Create and set up' }).click();
    const prompt = page.getByRole('textbox', { name: 'Prompt' });
    await prompt.fill('Long work on a prompt.');
    await context.clearCookies();
    await page.getByRole('button', { name: 'Save draft' }).click();
    await logInAgain(visitor);
    expect(await prompt.inputValue()).toBe('Long work on a prompt.');
    await page.getByRole('button', { name: 'Save draft' }).click();
    await page.getByRole('status').getByText('Draft not published').waitFor();
    await page.reload();
    expect(await prompt.inputValue()).toBe('Long work on a prompt.');

    const appId = new URL(page.url()).pathname.split('/').at(-1);
    await page.goto(`/chat/${appId}`);
    const question = page.getByRole('textbox', { name: 'Your question' });
    await question.fill('A question that took some thought');
    await context.clearCookies();
    await page.keyboard.press('Enter');
    await logInAgain(visitor);
    // No chat was born, so there is no address of one.
    expect(new URL(page.url()).pathname).toBe(`/chat/${appId}`);
    await page.getByRole('log').getByText('A question that took some thought').waitFor();
    expect(await page.getByText(/credential|Bearer/).count()).toBe(0);
    await page.getByRole('log').getByRole('button', { name: 'Try again' }).click();
    await page.waitForURL(new RegExp(`/chat/${appId}/.+`));
    await page.getByRole('article').first().waitFor();
    expect(complaints).toEqual([]);

    // An address of a chat that is gone says so; a new one begins where one asks for it.
    await page.goto(`/chat/${appId}/doesnotexist`);
    await page.getByRole('heading', { name: 'This chat is not there' }).waitFor();
    await page.getByRole('main').getByRole('button', { name: 'New chat' }).last().click();
    await question.waitFor();
    expect(new URL(page.url()).pathname).toBe(`/chat/${appId}`);

    // Going on while nobody reaches the server leaves the console where it is.
    await context.setOffline(true);
    await page.getByRole('link', { name: 'API keys' }).click();
    await page.getByText('The server cannot be reached').waitFor();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('The server cannot be reached').waitFor();
    await context.setOffline(false);
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('heading', { level: 1, name: 'API keys' }).waitFor();
  }, 120_000);

  test('that somebody ends asks about what would be lost, and leaves nothing to the next one', async () => {
    const { page, context, complaints, outside } = await world.visit({ path: '/settings/members' });
    await page.getByRole('button', { name: 'Add members' }).click();
    await page.getByRole('combobox', { name: 'User names' }).fill('noa');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    const adding = page.getByRole('dialog');
    const once = (await adding.locator('code').textContent()) ?? '';
    // What is seen only once stays until somebody has it.
    await page.keyboard.press('Escape');
    await page.mouse.click(5, 300);
    await adding.getByText(once, { exact: true }).waitFor();
    await adding.getByRole('button', { name: 'Close' }).click();
    await adding.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Add members' }).click();
    await page.getByRole('combobox', { name: 'User names' }).fill('mia');
    await page.keyboard.press('Enter');
    await adding.getByRole('combobox', { name: 'Role' }).click();
    await page.getByRole('option', { name: /^Owner/ }).click();
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    const owning = page.getByRole('dialog', { name: 'Make mia an owner?' });
    await owning.getByRole('button', { name: 'Cancel' }).click();
    await owning.waitFor({ state: 'detached' });
    await adding.getByRole('button', { name: 'Cancel' }).click();
    await adding.waitFor({ state: 'detached' });
    expect(await page.getByText('mia').count()).toBe(0);

    // Who is logged in is not asked to log in.
    await page.goto('/login?redirect=%2Fapps');
    await page.waitForURL('**/apps');
    await page.getByRole('link', { name: /Kept/ }).first().click();
    const prompt = page.getByRole('textbox', { name: 'Prompt' });
    await prompt.fill('Not stored yet.');
    const logOut = async () => {
      await page.getByRole('button', { name: 'Account' }).click();
      await page.getByRole('menuitem', { name: 'Log out' }).click();
    };
    const dialog = page.getByRole('dialog');
    await logOut();
    await dialog.getByText('Leave without saving?').waitFor();
    await dialog.getByRole('button', { name: 'Stay here' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Save draft' }).click();
    await page.getByRole('status').getByText('Draft not published').waitFor();
    expect(await prompt.inputValue()).toBe('Not stored yet.');

    // Files that are on their way are asked about, and nobody else's afterwards.
    await page.getByRole('link', { name: 'Datasets' }).first().click();
    await page.getByRole('button', { name: 'Create the first dataset' }).first().click();
    await dialog.getByRole('textbox', { name: 'Name' }).fill('Shared');
    await dialog.getByRole('button', { name: 'Create', exact: true }).click();
    await page.waitForURL(/datasets\/[0-9a-f]{24}/);
    const datasetId = /datasets\/([0-9a-f]{24})/.exec(page.url())?.[1];
    await page.goto(`/datasets/${datasetId}/import`);
    const file = { name: 'notes.md', mimeType: 'text/markdown', buffer: Buffer.from('Notes of one.') };
    await page.locator('input[type=file]').first().setInputFiles(file);
    await page.getByText('notes.md').first().waitFor();
    await logOut();
    await dialog.getByText('1 file has not been imported yet').waitFor();
    await dialog.getByRole('button', { name: 'Stay here' }).click();
    await page.getByRole('button', { name: 'Remove all' }).click();
    await dialog.getByText('Remove 1 file that is not imported yet?').waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByText('notes.md').first().waitFor();

    // Nobody is told that they are out when the server was not reached.
    await context.setOffline(true);
    await logOut();
    await dialog.getByRole('button', { name: 'Drop them and log out' }).click();
    await page.getByText('The server does not answer').waitFor();
    await context.setOffline(false);
    await page.getByText('notes.md').first().waitFor();
    await logOut();
    await dialog.getByRole('button', { name: 'Drop them and log out' }).click();
    await page.waitForURL('**/login');

    await login(page, 'noa', once, '/welcome');
    await page.getByLabel('New password', { exact: true }).fill('words of somebody else');
    await page.getByLabel('New password, once more').fill('words of somebody else');
    await page.getByRole('button', { name: 'Change password and go on' }).click();
    await page.getByRole('link', { name: /Make a dataset/ }).click();
    await page.getByRole('heading', { level: 1, name: 'Datasets' }).waitFor();
    // The way back leads to no login and to no session that has ended.
    await page.goBack();
    await page.getByRole('heading', { level: 1, name: 'Welcome to Lectern' }).waitFor();
    for (let step = 0; step < 2; step++) {
      await page.goBack();
      await page.getByRole('button', { name: 'Account' }).waitFor();
    }
    expect(await page.getByText('Your session has ended').count()).toBe(0);
    expect(await page.getByText('notes.md').count()).toBe(0);
    const unexpected = complaints.filter((text) => !text.includes('ERR_INTERNET_DISCONNECTED'));
    expect({ unexpected, outside }).toEqual({ unexpected: [], outside: [] });
  }, 120_000);

  test('is no way around what somebody else has stored of a passage meanwhile', async () => {
    const { page, complaints } = await world.visit({ path: '/apps' });
    const call = async (method: 'post' | 'put', path: string, data: object) => {
      const answer = await page.request[method](`/api/core/dataset/${path}`, { data });
      expect(answer.status(), await answer.text()).toBe(200);
      return (await answer.json()).data;
    };
    const datasetId = await call('post', 'create', { name: 'Shared words' });
    const wanted = { datasetId, name: 'Words', type: 'virtual' };
    const collectionId = await call('post', 'collection/create', wanted);
    const dataId = await call('post', 'data/insertData', { collectionId, q: 'First words.' });
    const storeElsewhere = (q: string) => call('put', 'data/update', { dataId, q });

    await page.goto(`/datasets/${datasetId}/collections/${collectionId}`);
    await page.getByRole('button', { name: 'Open passage 1' }).click();
    const drawer = page.getByRole('dialog', { name: 'Passage 1' });
    const text = drawer.getByRole('textbox', { name: 'Text' });
    const save = drawer.getByRole('button', { name: 'Save' });
    await text.fill('My words.');
    await storeElsewhere('Words of another tab.');
    await save.click();
    await page.getByText('You have changed this in another place (just now)').waitFor();
    await page.getByRole('button', { name: 'Load the other version, drop mine' }).click();
    await text.getByText('Words of another tab.').waitFor();

    await text.fill('My words.');
    await storeElsewhere('More words of another tab.');
    await save.click();
    await page.getByRole('button', { name: 'Keep mine, overwrite the other version' }).click();
    await page.getByText('Saved').waitFor();
    // Another text that it is found by is no other version of it.
    await call('post', 'data/index/create', { dataId, text: 'speech' });
    await text.fill('My last words.');
    await save.click();
    await drawer.getByRole('button', { name: 'Save' }).and(page.locator(':disabled')).waitFor();
    await drawer.getByRole('tab', { name: /History/ }).click();
    await drawer.getByText('More words of another tab.').waitFor();
    expect(complaints).toEqual([]);
  }, 120_000);
});
