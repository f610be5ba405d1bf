import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { browserMissing } from '../lib/browser.ts';
import { accessProblems, type ConsoleWorld, login, openConsole } from '../lib/console.ts';

describe.skipIf(browserMissing)('the frame of the console', () => {
  let world: ConsoleWorld;
  beforeAll(async () => {
    world = await openConsole();
  });
  afterAll(() => world?.close());

  test('asks to log in, says why a password is wrong, and goes where one wanted to go', async () => {
    const { page, outside, complaints } = await world.visit();
    await page.goto('/jobs');
    await page.waitForURL(/\/login\?redirect=/);
    await page.getByRole('link', { name: 'API documentation' }).waitFor();
    await page.getByLabel('Password', { exact: true }).fill('not the password');
    await page.getByRole('button', { name: 'Log in' }).click();
    await page
      .getByRole('alert')
      .getByText(/password/i)
      .waitFor();
    await page.getByLabel('Password', { exact: true }).fill(world.password);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('heading', { level: 1, name: 'Jobs' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/jobs');
    expect({ outside, complaints }).toEqual({ outside: [], complaints: [] });
  });

  test('an address that leads elsewhere is never followed after the login', async () => {
    const { page } = await world.visit();
    await page.goto('/login?redirect=%2F%2Fevil.example%2F');
    await page.getByLabel('Password', { exact: true }).fill(world.password);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.waitForURL((url) => url.pathname !== '/login');
    expect(new URL(page.url()).origin).toBe(world.server.url);
  });

  test('speaks Chinese when the browser does or somebody chooses it, and remembers', async () => {
    const chinese = await world.visit({ lang: 'zh', path: '/jobs' });
    await chinese.page.getByRole('heading', { level: 1, name: '任务' }).waitFor();
    expect(await chinese.page.locator('html').getAttribute('lang')).toBe('zh-CN');

    const { page } = await world.visit({ path: '/jobs' });
    await page.getByRole('heading', { level: 1, name: 'Jobs' }).waitFor();
    await page.getByRole('button', { name: 'Language' }).click();
    await page.getByRole('menuitem', { name: '简体中文' }).click();
    await page.getByRole('heading', { level: 1, name: '任务' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { level: 1, name: '任务' }).waitFor();
  });

  test('the dark colours last over a reload, from the first paint on', async () => {
    const { page } = await world.visit({ path: '/jobs' });
    await page.getByRole('heading', { level: 1, name: 'Jobs' }).waitFor();
    await page.getByRole('button', { name: 'Switch to dark' }).click();
    await page.reload({ waitUntil: 'commit' });
    await page.waitForSelector('html[data-mantine-color-scheme="dark"]', { state: 'attached' });
  });

  test('a menu is opened and left with the keyboard, and what is under the mouse says what it is', async () => {
    const { page, complaints } = await world.visit({ path: '/jobs' });
    const button = page.getByRole('button', { name: 'Language' });
    await button.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'English' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.waitForSelector('[role="menuitem"]:focus');
    await page.keyboard.press('Escape');
    await page.getByRole('menu').waitFor({ state: 'detached' });
    await page.waitForSelector('button[aria-label="Language"]:focus');

    await page.getByRole('button', { name: /^Messages/ }).click();
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });

    await page.goto('/datasets');
    await page.locator('time').first().hover();
    await page
      .getByRole('tooltip')
      .getByText(/\d\d\d\d/)
      .waitFor();
    await page.mouse.move(0, 0);
    await page.getByRole('tooltip').waitFor({ state: 'detached' });
    expect(complaints).toEqual([]);
  });

  test('logging out ends the session everywhere', async () => {
    const { page } = await world.visit({ path: '/jobs' });
    await page.getByRole('heading', { level: 1, name: 'Jobs' }).waitFor();
    await page.getByRole('button', { name: 'My account' }).click();
    await page.getByRole('menuitem', { name: 'Log out' }).click();
    await page.waitForURL('**/login');
    await page.goto('/jobs');
    await page.waitForURL(/\/login/);
  });

  test('an address that is wrong says so and leads back', async () => {
    const { page } = await world.visit({ path: '/no/such/place' });
    await page.getByRole('heading', { name: 'There is nothing here' }).waitFor();
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Apps' }).waitFor();
  });

  test.each([false, true])('people who use a keyboard or a screen reader can (dark: %s)', async (dark) => {
    const { page } = await world.visit({ dark, path: '/jobs' });
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.keyboard.press('Tab');
    await page.getByRole('link', { name: 'Skip to content' }).waitFor();
    expect(await accessProblems(page)).toEqual([]);
  });

  test('what is typed into a list of choices before the list is there finds its choice', async () => {
    const { page, complaints } = await world.visit({ path: '/account' });
    const { promise: held, resolve: go } = Promise.withResolvers<void>();
    await page.route('**/assets/select-parts-*.js', async (route) => {
      await held;
      await route.fallback();
    });
    const zone = page.getByRole('combobox', { name: 'Time zone' });
    await zone.click();
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type('Berl');
    expect(await zone.inputValue()).toBe('Berl');
    go();
    await page.getByRole('option', { name: 'Europe/Berlin' }).waitFor();
    await page.keyboard.type('in');
    await page.getByRole('option', { name: 'Europe/Berlin' }).click();
    expect(await zone.inputValue()).toBe('Europe/Berlin');
    expect(complaints).toEqual([]);
  });

  test('a login that another tab has made leads on here too', async () => {
    const { page, context } = await world.visit();
    await page.goto('/login?redirect=%2Fapps');
    await page.getByLabel('Password', { exact: true }).waitFor();
    await login(await context.newPage(), 'root', world.password, '/jobs');
    await page.evaluate("window.dispatchEvent(new Event('focus'))");
    await page.getByRole('heading', { level: 1, name: 'Apps' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/apps');
  });

  test('after an update the page is loaded anew, once, when a part of the old one is gone', async () => {
    const { page, complaints } = await world.visit({ path: '/apps' });
    const jobs = page.getByRole('heading', { level: 1, name: 'Jobs' });
    /** How the page of the server names its script: the old page knows it by another name. */
    let named = '"/assets/../assets/';
    let loads = 0;
    await page.route(
      (url) => url.pathname === '/' || url.pathname === '/jobs',
      async (route) => {
        if (route.request().isNavigationRequest()) loads += 1;
        const response = await route.fetch();
        const html = await response.text();
        await route.fulfill({ response, body: html.replace(/(<script[^>]*src=)"\/assets\//, `$1${named}`) });
      },
    );
    // What the old page names is gone; the new one has its own.
    await page.route('**/assets/jobs-page-*.js', (route) =>
      loads === 0 ? route.fulfill({ status: 404 }) : route.fallback(),
    );
    await page.getByRole('link', { name: 'Jobs', exact: true }).click();
    await jobs.waitFor();
    expect(loads).toBe(1);

    // Where each page that is loaded lacks a part, it says so instead of loading for ever.
    named = '"/assets/./../assets/';
    loads = 0;
    await page.evaluate('sessionStorage.clear()');
    await page.goto('/apps');
    await page.unroute('**/assets/jobs-page-*.js');
    await page.route('**/assets/jobs-page-*.js', (route) => {
      named = `"/assets/${'./'.repeat(loads + 1)}../assets/`;
      return route.fulfill({ status: 404 });
    });
    await page.getByRole('link', { name: 'Jobs', exact: true }).click();
    await expect.poll(() => loads).toBe(1);
    const missing = page.getByRole('alert').filter({ hasText: 'cannot be reached' });
    await missing.waitFor();
    await page.unroute('**/assets/jobs-page-*.js');
    await missing.getByRole('button', { name: 'Try again' }).click();
    await jobs.waitFor();
    expect(loads).toBe(2);
    expect(complaints.filter((text) => !text.startsWith('NotLoaded'))).toEqual([]);
  });

  test('what shows dialogs or follows jobs says that it is gone or away, and comes when it can', async () => {
    const { page } = await world.visit({ path: '/jobs' });
    const gone = page.getByRole('alert').filter({ hasText: 'no longer on the server' });
    const away = page.getByRole('alert').filter({ hasText: 'cannot be reached' });
    const name = page.getByRole('dialog').getByRole('textbox');
    const newFolder = page.getByRole('button', { name: 'New folder' });
    await page.route('**/assets/dialogs-container-*.js', (route) => route.fulfill({ status: 404 }));
    await page.goto('/datasets');
    await newFolder.click();
    await gone.waitFor();
    expect(await accessProblems(page)).toEqual([]);
    await page.unroute('**/assets/dialogs-container-*.js');
    await gone.getByRole('button', { name: 'Try again' }).click();
    await name.waitFor();
    await gone.waitFor({ state: 'detached' });

    const isFirstPage = (url: URL) => url.pathname === '/';
    await page.route('**/assets/dialogs-container-*.js', (route) => route.abort());
    await page.route(isFirstPage, (route) => route.abort());
    await page.goto('/datasets');
    await newFolder.click();
    await away.waitFor();
    await page.unroute('**/assets/dialogs-container-*.js');
    await page.unroute(isFirstPage);
    // Whoever waits gets it too.
    await name.waitFor();
    await away.waitFor({ state: 'detached' });

    // The same of a dialog that is a part of its screen: the screen stays.
    await page.route('**/assets/modal-parts-*.js', (route) => route.fulfill({ status: 404 }));
    await page.goto('/apps');
    await page.getByRole('button', { name: 'New app' }).first().click();
    await gone.waitFor();
    await page.getByRole('heading', { level: 1, name: 'Apps' }).waitFor();
    await page.unroute('**/assets/modal-parts-*.js');

    await page.route('**/jobs/events*', (route) => route.abort());
    await page.goto('/jobs');
    const still = page.getByText('The jobs stand here as they were last known');
    await still.waitFor();
    await page.unroute('**/jobs/events*');
    await still.waitFor({ state: 'detached' });
  });
});
