import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { browserMissing } from '../lib/browser.ts';
import { accessProblems, type ConsoleWorld, login, openConsole } from '../lib/console.ts';

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const parts = ['models', 'members', 'team', 'audit', 'system', 'backups', 'about'];

describe.skipIf(browserMissing)('people and their roles', () => {
  let world: ConsoleWorld;
  beforeAll(async () => {
    world = await openConsole(['--no-demo']);
  });
  afterAll(() => world?.close());

  test('an editor is added, chooses a password, and is not shown what they may not see', async () => {
    const root = await world.visit({ path: '/settings/members' });
    await button(root.page, 'Add members').click();
    await root.page.getByRole('combobox', { name: 'User names' }).fill('eda');
    await root.page.keyboard.press('Enter');
    expect(await accessProblems(root.page)).toEqual([]);
    await button(root.page, 'Add').click();
    const password = (await root.page.getByRole('dialog').locator('code').textContent()) ?? '';
    expect(password).toMatch(/^\w{5}(-\w{5}){3}$/);
    await button(root.page, 'Copy the invitation').click();
    const message = String(await root.page.evaluate('navigator.clipboard.readText()'));
    expect(message).toContain(`${world.server.url}/login`);
    expect(message).toContain(password);
    await root.page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
    await root.page.getByText('Not logged in yet').waitFor();

    const { page, complaints, outside } = await world.visit();
    await login(page, 'eda', password, '/datasets');
    // The one-time password opens nothing but its change.
    await page.getByText('Your password was for one time only').waitFor();
    await page.goto('/datasets');
    await page.waitForURL('**/welcome');
    await page.getByLabel('New password', { exact: true }).fill('words of an editor');
    await page.getByLabel('New password, once more').fill('words of an editor');
    await button(page, 'Change password and go on').click();
    await page.getByRole('link', { name: /Make a dataset/ }).click();
    await page.getByRole('heading', { level: 1, name: 'Datasets' }).waitFor();

    const navigation = page.getByRole('navigation', { name: 'Main' });
    await navigation.getByRole('link', { name: 'API keys' }).waitFor();
    expect(await navigation.getByRole('link', { name: 'Settings' }).count()).toBe(0);
    for (const part of parts) {
      await page.goto(`/settings/${part}`);
      await page.getByRole('heading', { level: 1, name: 'Not with your role' }).waitFor();
    }
    await page.getByText('Your role in the team (Editor) may not see this.').waitFor();
    expect(await accessProblems(page)).toEqual([]);

    // What was done to them counts from the next request on.
    const role = root.page.getByRole('combobox', { name: 'Role of eda' });
    await role.click();
    await root.page.getByRole('option', { name: /^Viewer/ }).click();
    await expect.poll(() => role.inputValue(), { timeout: 10_000 }).toBe('Viewer');
    await page.goto('/datasets');
    await page.getByRole('heading', { level: 1, name: 'Datasets' }).waitFor();
    expect(await navigation.getByRole('link', { name: 'API keys' }).count()).toBe(0);

    await button(root.page, 'Actions for eda').click();
    await root.page.getByRole('menuitem', { name: 'Remove from the team' }).click();
    await root.page.getByRole('dialog').getByRole('button', { name: 'Remove from the team' }).click();
    await root.page.getByText('eda', { exact: true }).first().waitFor({ state: 'detached' });
    await page.goto('/datasets');
    await page.waitForURL(/\/login/);
    expect({ complaints, outside, root: root.complaints }).toEqual({ complaints: [], outside: [], root: [] });
  }, 90_000);

  test('root sees every part of the settings, in both languages, and what was done in the audit log', async () => {
    const { page, complaints } = await world.visit({ path: '/settings/audit' });
    const line = (text: string | RegExp) => page.getByRole('listitem').filter({ hasText: text }).first();
    await line('root removed eda from the team').waitFor();
    await line('root changed the role of eda from Editor to Viewer').waitFor();
    await line('eda changed their password').waitFor();
    await line('eda logged in').waitFor();
    // What was written down is seen on demand only.
    const removed = line('root removed eda from the team');
    await removed.getByRole('button', { name: 'What was written down' }).click();
    await removed.getByText('"event": "member.remove"').waitFor();
    expect(await accessProblems(page)).toEqual([]);
    await page.getByRole('combobox', { name: 'Kind' }).click();
    await page.getByRole('option', { name: 'Log-ins: everything' }).click();
    await page.waitForURL(/event=login/);
    await line('root removed eda').waitFor({ state: 'detached' });
    await page.getByRole('combobox', { name: 'Person' }).click();
    await page.getByRole('option', { name: 'eda' }).click();
    await line('root logged in').waitFor({ state: 'detached' });
    await line('eda logged in').waitFor();
    // By keyboard, too: from the field that the page began with.
    await page.reload();
    await page.getByRole('combobox', { name: 'Time' }).focus();
    await page.keyboard.press('ArrowDown');
    await page.getByRole('option', { name: 'Last 7 days' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForURL(/from=\d{4}/);
    await line('eda logged in').waitFor();
    // A name leads to its thing while that is there.
    await page.goto('/settings/audit?event=team');
    await line('The first start created the team').getByRole('link', { name: 'My team' }).click();
    await page.waitForURL('**/settings/team');
    for (const part of parts) {
      await page.goto(`/settings/${part}`);
      await page.getByRole('heading', { level: 2 }).or(page.getByRole('table')).first().waitFor();
      expect(await accessProblems(page), part).toEqual([]);
    }
    const chinese = await world.visit({ lang: 'zh', path: '/settings/backups' });
    await chinese.page.getByRole('button', { name: '创建备份' }).click();
    // The button gives a whole archive to the browser, and the page the very command that restores it.
    const [download] = await Promise.all([
      chinese.page.waitForEvent('download'),
      chinese.page.getByRole('button', { name: '下载' }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/\.zip$/);
    const archive = await readFile(await download.path());
    expect(archive.subarray(0, 4).toString('latin1')).toBe('PK\x03\x04');
    // To its very end: the directory of a ZIP stands last, with the names in the clear.
    const directory = archive.subarray(-100_000).toString('latin1');
    expect(directory).toContain('PK\x05\x06');
    expect(directory).toContain('manifest.json');
    await chinese.page.getByRole('heading', { name: '如何恢复备份' }).waitFor();
    await chinese.page.getByText(/lectern -- restore --from/).waitFor();
    expect(await accessProblems(chinese.page)).toEqual([]);
    expect([...complaints, ...chinese.complaints]).toEqual([]);
  }, 90_000);

  test('on a phone nothing scrolls sideways and everything is large enough for a finger', async () => {
    const viewport = { width: 390, height: 844 };
    const { page, complaints, settled } = await world.visit({
      lang: 'zh',
      viewport,
      path: '/settings/models',
    });
    const screens = [...parts.map((part) => `/settings/${part}`), '/apps', '/datasets', '/jobs', '/account'];
    for (const path of [...screens, '/api-keys']) {
      await page.goto(path);
      await page.getByRole('heading', { level: 1 }).first().waitFor();
      await settled();
      expect(await page.evaluate('document.documentElement.scrollWidth'), path).toBe(390);
      const small = await page
        .locator(
          'main :is(button, [role="tab"], input:not([type="checkbox"], [type="radio"], [type="file"]))',
        )
        .evaluateAll((all: { offsetHeight: number; offsetWidth: number; outerHTML: string }[]) =>
          all
            .filter(
              ({ offsetHeight, offsetWidth }) => offsetWidth > 1 && offsetHeight > 1 && offsetHeight < 34,
            )
            .map(({ outerHTML }) => outerHTML.slice(0, 160)),
        );
      expect(small, path).toEqual([]);
    }
    // The parts of the settings are a list to choose from.
    await page.goto('/settings/models');
    await page.getByRole('combobox', { name: '设置' }).click();
    await page.getByRole('option', { name: '备份' }).click();
    await page.waitForURL('**/settings/backups');
    expect(await accessProblems(page)).toEqual([]);
    expect(complaints).toEqual([]);
  }, 90_000);
});
