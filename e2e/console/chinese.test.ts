import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { browserMissing } from '../lib/browser.ts';
import { accessProblems, type ConsoleWorld, openConsole, type Visitor } from '../lib/console.ts';
import { fillServer, sessionOf } from '../screens/content.ts';
import { phone, shots } from '../screens/shots.ts';
import { words } from '../screens/words.ts';

/**
 * Texts of the page with four English words in a row and no Chinese, where nobody wrote code, a name or a command. A script for the
 * page, so that it sees what is drawn.
 */
const englishSentences = `(() => {
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!element || element.closest('code, pre, kbd, script, style, noscript, [lang="en"], [data-user-text]')) continue;
    const text = node.textContent ?? '';
    if (/(?:\\b[A-Za-z]{2,}\\b[ ,]+){4,}/.test(text) && !/[\\u4e00-\\u9fff]/.test(text)) found.push(text.trim());
  }
  return found;
})()`;

describe.skipIf(browserMissing)('in Chinese throughout', () => {
  const say = words.zh;
  let world: ConsoleWorld;
  beforeAll(async () => {
    world = await openConsole(['--no-demo']);
  });
  afterAll(() => world?.close());

  test('a document is brought in, searched and found', async () => {
    const { page, complaints, outside } = await world.visit({ lang: 'zh', path: '/datasets' });
    await page.getByRole('button', { name: '创建第一个知识库' }).click();
    await page.getByLabel('名称').fill(say.dataset);
    await page.getByRole('button', { name: '创建', exact: true }).click();
    await page.waitForURL(/\/import$/);
    await page
      .getByLabel('选择文件')
      .setInputFiles([
        { name: say.manual.name, mimeType: 'text/markdown', buffer: Buffer.from(say.manual.text) },
      ]);
    await page.getByRole('button', { name: '导入 1 个文件' }).click();
    await page.getByRole('listitem').filter({ hasText: say.manual.name }).getByText('完成').waitFor();
    await page.getByRole('tab', { name: '检索测试' }).click();
    await page.getByRole('textbox').first().fill(say.questions[0]);
    await page.keyboard.press('Enter');
    await page.getByText('每制作 200 杯').first().waitFor();
    expect({ complaints, outside }).toEqual({ complaints: [], outside: [] });
  });

  test('every screen speaks Chinese, asks no other host and can be used by everybody', async () => {
    const filled = await openConsole();
    try {
      const content = await fillServer(await sessionOf(filled.server.url, filled.password, 'zh'), 'zh');
      const visitor: Visitor = await filled.visit({ lang: 'zh', dark: true, path: '/account' });
      const problems: Record<string, string[]> = {};
      for (const shot of shots.filter((each) => !each.loggedOut)) {
        await visitor.page.setViewportSize(shot.phone ? phone : { width: 1280, height: 800 });
        await visitor.page.goto(shot.path(content));
        await visitor.settled();
        await shot.prepare?.(visitor.page);
        await visitor.settled();
        // The documentation is a page of its own, which has its own tests.
        const found = shot.name === 'api-docs' ? [] : await visitor.page.evaluate<string[]>(englishSentences);
        found.push(...(await accessProblems(visitor.page)));
        if (found.length > 0) problems[shot.name] = found;
      }
      expect(problems).toEqual({});
      expect({ complaints: visitor.complaints, outside: visitor.outside }).toEqual({
        complaints: [],
        outside: [],
      });
    } finally {
      await filled.close();
    }
  }, 180_000);
});
