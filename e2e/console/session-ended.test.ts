import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { browserMissing } from '../lib/browser.ts';
import { accessProblems, type ConsoleWorld, openConsole, type Visitor } from '../lib/console.ts';

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
    await page.getByRole('button', { name: 'Try again' }).click();
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
});
