import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { browserMissing } from '../lib/browser.ts';
import { accessProblems, type ConsoleWorld, openConsole } from '../lib/console.ts';

const rules = Array.from(
  { length: 12 },
  (_, i) => `## Rule ${i + 1}\n\n${`Who asks in month ${i + 1} is answered within a week. `.repeat(40)}`,
);

describe.skipIf(browserMissing)('bringing knowledge in', () => {
  let world: ConsoleWorld;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lectern-import-'));
    await mkdir(join(folder, 'Law', 'Contracts'), { recursive: true });
    const files = {
      'handbook.md': `# Handbook\n\n${rules.join('\n\n')}`,
      'broken.pdf': '%PDF-1.7\nThis is no document.',
      'film.mp4': 'moving pictures',
      'Law/terms.md': '# Terms\n\nThe terms are fair.',
      'Law/.DS_Store': 'left by a system',
      'Law/Contracts/lease.md': '# Lease\n\nThe lease ends in May.',
    };
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    world = await openConsole(['--no-demo']);
  });
  afterAll(async () => {
    await world?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const choose = (page: Page, names: string[]) =>
    page.getByLabel('Choose files').setInputFiles(names.map((name) => join(folder, name)));

  test('from an empty list to documents: preview, a broken file beside good ones, folders, retry, jobs', async () => {
    const { page, outside, complaints } = await world.visit({ path: '/datasets' });
    await page.getByRole('button', { name: 'Create the first dataset' }).click();
    await page.getByRole('dialog').getByText('No embedding model is connected').waitFor();
    await page.getByLabel('Name').fill('Handbook');
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await page.waitForURL(/\/datasets\/[0-9a-f]{24}\/import$/);
    const datasetPath = new URL(page.url()).pathname.replace('/import', '');

    // One kind is unknown: it says so at once, before a byte of it is sent, and the others go on.
    await choose(page, ['handbook.md', 'broken.pdf', 'film.mp4']);
    await page.getByText('Files of type mp4 cannot be read').waitFor();
    const preview = page.getByRole('region', { name: 'Preview' });
    await preview.getByText(/^1[0-9] passages\. The first 10:$/).waitFor();
    await page.getByText('Custom', { exact: true }).click();
    await page.getByLabel('Size of a passage').fill('100');
    await preview.getByText(/^[3-9][0-9] passages\. The first 10:$/).waitFor();
    await preview.getByText('Handbook › Rule 1', { exact: true }).first().waitFor();
    await page.getByText('Automatic', { exact: true }).click();

    // A whole folder beside them; what the system left in it is not taken.
    await page.locator('input[webkitdirectory]').setInputFiles(join(folder, 'Law'));
    await page.getByText('Law / Contracts / lease.md').waitFor();
    expect(await page.getByText('.DS_Store').count()).toBe(0);
    await page.getByRole('button', { name: 'Import 4 files' }).click();

    const imports = page.getByRole('listitem');
    const broken = imports.filter({ hasText: 'broken.pdf' });
    await broken.getByText('Failed').waitFor();
    await broken.getByText('Cause: the file or address.').waitFor();
    await broken.getByText(/save it anew/).waitFor();
    await imports.filter({ hasText: 'handbook.md' }).getByText('Done').waitFor();
    await imports.filter({ hasText: 'lease.md' }).getByText('Done').waitFor();
    expect(await accessProblems(page)).toEqual([]);

    await page.getByRole('tab', { name: 'Collections' }).click();
    await page.getByRole('row').filter({ hasText: 'handbook.md' }).getByText('Ready').waitFor();
    await page.getByRole('button', { name: 'Why broken.pdf failed' }).click();
    await page.getByRole('dialog').getByText('it is damaged or no PDF').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Try again' }).click();
    await page.keyboard.press('Escape');
    expect(await accessProblems(page)).toEqual([]);
    await page.getByRole('link', { name: 'Law' }).click();
    await page.getByRole('link', { name: 'terms.md' }).waitFor();
    await page.getByRole('link', { name: 'Contracts' }).click();
    await page.getByRole('link', { name: 'lease.md' }).waitFor();
    expect(new URL(page.url()).pathname).toBe(datasetPath);

    await page.getByRole('link', { name: 'Jobs' }).click();
    await page.getByRole('heading', { name: 'History' }).waitFor();
    const failed = page.getByRole('listitem').filter({ hasText: 'broken.pdf' });
    await failed.getByRole('button', { name: 'Try again' }).click();
    await failed.getByText('Failed').waitFor();
    await page.getByLabel('How it ended').first().click();
    await page.getByRole('option', { name: 'Failed' }).click();
    await page.waitForURL(/state=failed/);
    await expect.poll(() => page.getByRole('listitem').count()).toBe(1);
    expect({ outside, complaints }).toEqual({ outside: [], complaints: [] });
  });

  test('an upload goes on where it stopped when the connection breaks', async () => {
    const { page, context } = await world.visit({ path: '/datasets' });
    await page.getByRole('link', { name: 'Handbook' }).click();
    await page.getByRole('link', { name: 'Import', exact: true }).click();
    const sent: string[] = [];
    let cut = true;
    await page.route('**/api/common/file/upload/*', async (route) => {
      const range = route.request().headers()['content-range'];
      // The second piece is lost on its way, once.
      if (range && !range.startsWith('bytes 0-') && cut) {
        cut = false;
        await route.abort('connectionreset');
        return;
      }
      if (range) sent.push(range);
      await route.continue();
    });
    const lines = `${'A line of a long report. '.repeat(40)}\n`.repeat(5000);
    await page
      .getByLabel('Choose files')
      .setInputFiles({ name: 'report.txt', mimeType: 'text/plain', buffer: Buffer.from(lines) });
    await page.getByRole('button', { name: 'Import 1 file' }).click();
    const job = page.getByRole('listitem').filter({ hasText: 'report.txt' });
    await job.getByText(/Running|Done/).waitFor();
    // No byte was sent twice.
    const starts = sent.map((range) => Number(/^bytes (\d+)-/.exec(range)?.[1]));
    expect(starts).toEqual([...new Set(starts)].sort((a, b) => a - b));
    expect(starts.length).toBeGreaterThan(2);
    expect(cut).toBe(false);
    if (await job.getByRole('button', { name: 'Cancel' }).isVisible())
      await job.getByRole('button', { name: 'Cancel' }).click();
    await context.close();
  });

  test('what would be lost asks first, links and texts are read as they are pasted', async () => {
    const { page, context } = await world.visit({ lang: 'zh', path: '/datasets' });
    await page.getByRole('link', { name: 'Handbook' }).click();
    await page.getByRole('link', { name: '导入', exact: true }).click();
    await page.getByText('文本', { exact: true }).click();
    await page.getByLabel('名称').fill('请假制度');
    await page.getByRole('textbox', { name: '文本', exact: true }).fill('# 请假\n\n每人每年 30 天。');
    await page.getByRole('region', { name: '预览' }).getByText('整个文档为一个分块。').waitFor();
    await page.getByRole('button', { name: '导入文本' }).click();
    await page.getByText('“请假制度”已入库，共 1 条数据。').waitFor();

    await page.getByText('链接', { exact: true }).click();
    await page
      .getByRole('textbox', { name: '链接', exact: true })
      .fill('no address\nhttps://a.example/x\na.example/y\n');
    await page.getByText('不是有效地址：no address').first().waitFor();
    await page.getByRole('button', { name: '导入 2 个链接' }).waitFor();

    await page.getByText('文件', { exact: true }).click();
    const area = page.getByText(/^将文件或文件夹拖到此处/);
    const dataTransfer = await page.evaluateHandle(`(() => {
      const dragged = new DataTransfer();
      dragged.setData('text/uri-list', '# dragged\\r\\nhttps://a.example/dragged');
      return dragged;
    })()`);
    await area.dispatchEvent('drop', { dataTransfer });
    const pasted = page.getByRole('textbox', { name: '链接', exact: true });
    await expect.poll(() => pasted.inputValue()).toBe('https://a.example/dragged');

    await page.getByText('文件', { exact: true }).click();
    await page.getByLabel('选择文件').setInputFiles(join(folder, 'handbook.md'));
    await page.getByText('就绪 ·').waitFor();
    const asked = page.waitForEvent('dialog');
    // The dialog is dismissed, so that the page stays.
    const stayed = page.goto('/chat').catch(() => 'stayed');
    expect((await asked).type()).toBe('beforeunload');
    expect(await stayed).toBe('stayed');
    await context.close();
  });
});
