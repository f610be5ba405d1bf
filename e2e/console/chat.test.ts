import { once } from 'node:events';
import { delta, openStream, startUpstream, type Upstream } from '@lectern/server/models/testing/upstream.ts';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { browserMissing } from '../lib/browser.ts';
import { accessProblems, type ConsoleWorld, openConsole, type Visitor } from '../lib/console.ts';

/** A page of a PDF with these lines, as small as it can be. */
function pdfOf(pages: string[][]): string {
  const objects = ['<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>'];
  const kids = pages.map((lines) => {
    const text = `BT /F1 12 Tf 72 720 Td 18 TL\n${lines.map((line) => `(${line}) Tj T*\n`).join('')}ET`;
    const contents = objects.push(`<< /Length ${text.length} >>\nstream\n${text}\nendstream`);
    const resources = '/MediaBox [0 0 612 792] /Resources << /Font << /F1 1 0 R >> >>';
    return objects.push(`<< /Type /Page /Parent PARENT ${resources} /Contents ${contents} 0 R >>`);
  });
  const list = kids.map((kid) => `${kid} 0 R`).join(' ');
  const parent = objects.push(`<< /Type /Pages /Kids [${list}] /Count ${kids.length} >>`);
  const catalog = objects.push(`<< /Type /Catalog /Pages ${parent} 0 R >>`);
  let file = '%PDF-1.4\n';
  const offsets = objects.map((object, index) => {
    const offset = file.length;
    file += `${index + 1} 0 obj\n${object.replace('PARENT', `${parent} 0 R`)}\nendobj\n`;
    return offset;
  });
  const start = file.length;
  const entries = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${entries}`;
  return `${file}trailer << /Size ${objects.length + 1} /Root ${catalog} 0 R >>\nstartxref\n${start}\n%%EOF`;
}

/** Whether somebody sees it, and not only a program; the window is 800 pixels high. */
async function inSight(place: Locator): Promise<boolean> {
  const box = await place.boundingBox();
  return box !== null && box.y >= 0 && box.y + box.height <= 800;
}

/** The smallest picture. */
const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

const filler = Array.from(
  { length: 38 },
  (_, i) => `Clause ${i} of the general terms says nothing of interest.`,
);

describe.skipIf(browserMissing)('chatting in the console', () => {
  let world: ConsoleWorld;
  let upstream: Upstream;
  let visitor: Visitor;
  let page: Page;
  let appId: string;
  /** What the model says; after "…" it waits until it may go on. */
  let reply = 'Two years.';
  let goOn: () => void = () => undefined;

  // biome-ignore lint/suspicious/noExplicitAny: answers are looked at as a client without types does
  const call = async (method: string, path: string, body?: unknown): Promise<any> => {
    const text = await page.evaluate(
      async ([m, p, b]) => {
        const headers = { 'content-type': 'application/json' };
        const init = b === undefined ? {} : { headers, body: JSON.stringify(b) };
        return (await fetch(p as string, { method: m as string, ...init })).text();
      },
      [method, path, body] as const,
    );
    return JSON.parse(text).data;
  };
  const field = () => page.getByRole('textbox', { name: 'Your question' });
  const ask = async (question: string) => {
    await field().fill(question);
    await page.keyboard.press('Enter');
  };
  const answers = () => page.locator('article');
  const answered = (count = 1) =>
    expect
      .poll(() => page.getByRole('button', { name: 'Answer again' }).count(), { timeout: 20_000 })
      .toBe(count);
  const newChat = () =>
    page.getByRole('navigation', { name: 'Chats' }).getByRole('button', { name: 'New chat' }).click();
  const stored = async (): Promise<string[]> => {
    const chatId = new URL(page.url()).pathname.split('/').at(-1);
    const { list } = await call('POST', '/api/core/chat/record/getPaginationRecords', {
      appId,
      chatId,
      pageSize: 50,
    });
    return list.map((record: { value: { text?: { content: string } }[] }) => record.value[0]?.text?.content);
  };

  beforeAll(async () => {
    upstream = await startUpstream(async ({ response, body }) => {
      openStream(response);
      const cited = /\b([0-9a-f]{24})\b/.exec(JSON.stringify(body))?.[1];
      const [first = '', rest] = reply.replace('CITE', `[${cited}](CITE)`).split('…');
      response.write(delta({ content: first }));
      if (rest !== undefined) {
        const held = new Promise<void>((resolve) => {
          goOn = resolve;
        });
        await Promise.race([held, once(response, 'close')]);
        response.write(delta({ content: rest }));
      }
      response.end(`${delta({}, 'stop')}data: [DONE]\n\n`);
    });
    world = await openConsole(['--no-demo'], {
      env: { OPENAI_BASE_URL: upstream.url, OPENAI_API_KEY: 'sk-test', CHAT_MODEL: 'up-1' },
    });
    visitor = await world.visit({ path: '/chat', viewport: { width: 1440, height: 900 } });
    page = visitor.page;
    await page.getByRole('heading', { name: 'No app to talk to yet' }).waitFor();
    const datasetId = await call('POST', '/api/core/dataset/create', { name: 'Terms' });
    const terms = pdfOf([filler, [...filler.slice(0, 20), 'The warranty lasts two years from delivery.']]);
    const collectionId = await page.evaluate(
      async ([id, text]) => {
        const form = new FormData();
        form.append('file', new Blob([text as string], { type: 'application/pdf' }), 'terms.pdf');
        const settings = { chunkTriggerType: 'forceChunk', chunkSettingMode: 'custom', chunkSize: 120 };
        form.append('data', JSON.stringify({ datasetId: id, ...settings }));
        const path = '/api/core/dataset/collection/create/localFile';
        const answer = await (await fetch(path, { method: 'POST', body: form })).json();
        return (answer as { data: { collectionId: string } }).data.collectionId;
      },
      [datasetId, terms] as const,
    );
    const items = async () =>
      (await call('POST', '/api/core/dataset/data/v2/list', { collectionId, searchText: 'warranty' })).total;
    while ((await items()) === 0) await page.waitForTimeout(200);
    const welcomeText = 'Hello! I know the **terms**.\n[How long is the warranty?]';
    const simple = { prompt: 'Answer.', datasets: [{ datasetId }], welcomeText };
    const parentId = await call('POST', '/api/core/app/create', { name: 'Shelf', type: 'folder' });
    const desk = { name: 'Desk 🦉', type: 'simple', simple, parentId };
    appId = await call('POST', '/api/core/app/create', desk);
  }, 120_000);
  afterAll(async () => {
    await world?.close();
    await upstream?.close();
  });

  test('a suggested question gets an answer, whose source is shown on the very page of its PDF', async () => {
    reply = 'It lasts **two years**CITE.';
    await page.reload();
    await page.getByText('I know the terms').waitFor();
    await page.getByRole('button', { name: 'How long is the warranty?' }).click();
    await answered();
    expect(new URL(page.url()).pathname).toMatch(new RegExp(`^/chat/${appId}/[0-9a-f]{24}$`));
    await page.getByRole('button', { name: 'Source 1: terms.pdf' }).click();
    const panel = page.getByRole('region', { name: 'Source 1' });
    await panel.locator('mark').getByText('two years from delivery').waitFor();
    await panel.getByText('Page 2 of 2').waitFor();
    await panel.getByRole('img', { name: 'Page 2 of the document' }).waitFor();
    expect(await panel.locator('[data-hit]').count()).toBeGreaterThan(0);
    const drawn = async () => (await panel.getByRole('img').boundingBox())?.width ?? 0;
    const narrow = await drawn();
    await panel.getByRole('button', { name: 'Make the source wider' }).click();
    await expect.poll(drawn).toBeGreaterThan(narrow * 1.2);
    const wide = await drawn();
    await panel.getByRole('button', { name: 'Larger' }).click();
    await expect.poll(drawn).toBeGreaterThan(wide * 1.2);
    expect(await accessProblems(page)).toEqual([]);
    await panel.getByRole('button', { name: 'Fit the width' }).click();
    await expect.poll(drawn).toBeLessThan(wide * 1.1);
    await panel.getByRole('button', { name: 'Make the source narrower' }).click();
    await panel.getByRole('button', { name: 'Close the source' }).click();
    expect(await accessProblems(page)).toEqual([]);
  });

  test('on a phone the way back closes the source and stays in the chat, also after a reload', async () => {
    const chat = new URL(page.url()).pathname;
    const panel = page.getByRole('region', { name: 'Source 1' });
    const open = () => page.getByRole('button', { name: 'Source 1: terms.pdf' }).click();
    await page.setViewportSize({ width: 390, height: 844 });
    await open();
    await panel.locator('mark').getByText('two years from delivery').waitFor();
    expect(new URL(page.url()).search).toMatch(/^\?source=/);
    await page.reload();
    await panel.locator('mark').getByText('two years from delivery').waitFor();
    await page.goBack();
    await panel.waitFor({ state: 'detached' });
    expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe(chat);
    await page.getByText('It lasts two years').waitFor();
    // Its button takes the step back, so that the way back leads out of the chat afterwards, not into the source.
    await open();
    await panel.getByRole('button', { name: 'Close the source' }).click();
    await panel.waitFor({ state: 'detached' });
    await expect.poll(() => new URL(page.url()).search).toBe('');
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  test('the Enter of an input method sends nothing, Shift and Enter begin a line', async () => {
    await field().click();
    await field().dispatchEvent('compositionstart');
    await page.keyboard.type('保修');
    await field().dispatchEvent('keydown', { key: 'Enter', isComposing: true, keyCode: 229 });
    expect(await field().inputValue()).toBe('保修');
    await field().dispatchEvent('compositionend');
    await page.keyboard.press('Shift+Enter');
    await page.keyboard.type('?');
    expect(await field().inputValue()).toBe('保修\n?');
    await field().fill('');
    expect(await answers().count()).toBe(1);
  });

  test('a question that is changed, and an answer that is asked for again, take the place of what was there', async () => {
    reply = 'Changed.';
    await page.getByText('How long is the warranty?', { exact: true }).last().hover();
    await page.getByRole('button', { name: 'Edit and send again' }).click();
    await page.getByRole('textbox', { name: 'Edit and send again' }).fill('What is covered?');
    await page.getByRole('button', { name: 'Send again' }).click();
    await page.getByText('Changed.').waitFor();
    await answered();
    expect(await stored()).toEqual(['What is covered?', 'Changed.']);
    reply = 'Once more.';
    await page.getByRole('button', { name: 'Answer again' }).click();
    await page.getByText('Once more.').waitFor();
    await answered();
    expect(await stored()).toEqual(['What is covered?', 'Once more.']);
  });

  test('a changed question that is refused loses nothing, and takes its place when it is tried again', async () => {
    const before = await stored();
    const chatId = new URL(page.url()).pathname.split('/').at(-1);
    const held = goOn;
    reply = 'From elsewhere…, really.';
    const elsewhere = call('POST', '/api/v2/chat/completions', {
      ...{ appId, chatId, stream: true },
      messages: [{ role: 'user', content: 'Asked by a program' }],
    }).catch(() => undefined);
    await expect.poll(() => goOn !== held, { timeout: 10_000 }).toBe(true);
    await page.getByText('What is covered?', { exact: true }).last().hover();
    await page.getByRole('button', { name: 'Edit and send again' }).first().click();
    await page.getByRole('textbox', { name: 'Edit and send again' }).fill('What is left?');
    await page.getByRole('button', { name: 'Send again' }).click();
    const refused = page.getByRole('alert').filter({ hasText: 'The question did not get through' });
    await refused.getByText('Wait for it or stop it').waitFor();
    await page.getByText('Once more.').waitFor();
    goOn();
    await elsewhere;
    expect(await stored()).toEqual([...before, 'Asked by a program', 'From elsewhere, really.']);
    reply = 'In its place.';
    await refused.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('In its place.').waitFor();
    await answered();
    expect(await stored()).toEqual(['What is left?', 'In its place.']);

    // Whoever gives the change up has everything as it was.
    await page.route('**/chat/completions', (route) =>
      route.fulfill({ status: 429, json: { code: 429, statusText: 'tooManyRequest', message: 'Too many.' } }),
    );
    await page.getByText('What is left?', { exact: true }).last().hover();
    await page.getByRole('button', { name: 'Edit and send again' }).first().click();
    await page.getByRole('textbox', { name: 'Edit and send again' }).fill('Never mind?');
    await page.getByRole('button', { name: 'Send again', exact: true }).click();
    await refused.getByRole('button', { name: 'Leave the question as it was' }).click();
    await refused.waitFor({ state: 'detached' });
    expect(await page.getByText('Never mind?').count()).toBe(0);
    await page.getByText('In its place.').waitFor();
    await page.unroute('**/chat/completions');
    expect(await stored()).toEqual(['What is left?', 'In its place.']);
  });

  test('what is asked in another tab is seen here, while it is answered and after', async () => {
    const other = await page.context().newPage();
    await other.goto(page.url());
    await other.getByText('In its place.').waitFor();
    reply = 'Seen in… both.';
    await ask('Is anybody there?');
    await page.getByText('Seen in').waitFor();
    await other.evaluate('window.dispatchEvent(new Event("focus"))');
    await other.getByText('Is anybody there?').last().waitFor();
    await other.getByText('Seen in').waitFor();
    goOn();
    await other.getByText('Seen in both.').waitFor();
    await page.getByText('Seen in both.').waitFor();
    await other.getByRole('button', { name: 'Stop the answer' }).waitFor({ state: 'detached' });
    expect(await other.getByText('Is anybody there?').count()).toBe(
      await page.getByText('Is anybody there?').count(),
    );
    await other.close();
  });

  test('an answer that is stopped keeps what it had', async () => {
    reply = 'Only the beginning…and never the end';
    await ask('Tell me a long story');
    await page.getByText('Only the beginning').waitFor();
    await page.getByRole('button', { name: 'Stop the answer' }).click();
    await page.getByText('Stopped. This is what had been written.').waitFor();
    expect((await stored()).at(-1)).toBe('Only the beginning');
  });

  test('an answer goes on while the page is reloaded, and is seen to its end', async () => {
    reply = 'Before the reload… and after it.';
    await ask('Will you be here?');
    await page.getByText('Before the reload').waitFor();
    await page.reload();
    await page.getByText('Before the reload').waitFor();
    await page.getByRole('button', { name: 'Stop the answer' }).waitFor();
    goOn();
    await page.getByText('Before the reload and after it.').waitFor();
    await page.getByRole('button', { name: 'Stop the answer' }).waitFor({ state: 'detached' });
    expect((await stored()).at(-1)).toBe('Before the reload and after it.');
  });

  test('whoever leaves a new chat while it is answered, and comes back, finds it as it is', async () => {
    const chat = page.url();
    await newChat();
    reply = 'Still… here.';
    await ask('Do you wait?');
    await page.getByText('Still').waitFor();
    await page.waitForURL(/chat\/[0-9a-f]{24}\/[0-9a-f]{24}/);
    const fresh = new URL(page.url()).pathname;
    await page.getByRole('link', { name: 'Jobs' }).first().click();
    await page.waitForURL('**/jobs');
    await page.goBack();
    await page.getByText('Still').waitFor();
    await page.getByRole('log').getByText('Do you wait?').waitFor();
    await page.getByRole('button', { name: 'Stop the answer' }).waitFor();
    expect(new URL(page.url()).pathname).toBe(fresh);
    goOn();
    await page.getByText('Still here.').waitFor();
    await answered();
    await call(
      'DELETE',
      `/api/core/chat/history/delHistory?appId=${appId}&chatId=${fresh.split('/').at(-1)}`,
    );
    await page.goto(chat);
    await answers().last().waitFor();
  });

  test('an answer is rated, with a reason, and says how it came about', async () => {
    const last = page.locator('article').last();
    await last.getByRole('button', { name: 'Bad answer' }).click();
    await page.getByRole('textbox', { name: 'What was wrong with it?' }).fill('It is too short');
    await page.getByRole('dialog').getByRole('button', { name: 'Send' }).click();
    await expect
      .poll(() => last.getByRole('button', { name: 'Bad answer' }).getAttribute('aria-pressed'))
      .toBe('true');
    const logs = await call('POST', '/api/core/app/logs/list', { appId, feedbackType: 'bad' });
    expect(logs.list).toHaveLength(1);
    await last.getByRole('button', { name: 'Details' }).click();
    await page.getByRole('cell', { name: 'up-1' }).waitFor();
    await page.keyboard.press('Escape');
  });

  test('files go along with a question; one that does not get through says why, and is tried again', async () => {
    const made = await call('GET', `/api/core/app/detail?appId=${appId}`);
    const { modules, edges, chatConfig } = made;
    const fileSelectConfig = { canSelectFile: true, canSelectImg: true, maxFiles: 3 };
    await call('POST', `/api/core/app/version/publish?appId=${appId}`, {
      ...{ nodes: modules, edges, isPublish: true },
      chatConfig: { ...chatConfig, fileSelectConfig },
    });
    await page.goto(`/chat/${appId}`);
    const text = { name: 'order.txt', mimeType: 'text/plain', buffer: Buffer.from('One heron, please.') };
    const picture = { name: 'heron.png', mimeType: 'image/png', buffer: pixel };
    await page.route('**/api/common/file/upload', (route) => route.abort());
    const attach = async (files: (typeof text)[]) => {
      const chooser = page.waitForEvent('filechooser');
      await page.getByRole('button', { name: 'Attach files' }).click();
      await (await chooser).setFiles(files);
    };
    await attach([text]);
    const chips = page.getByRole('list', { name: 'Attached files' }).getByRole('listitem');
    await chips.getByRole('alert').getByText('The server does not answer.').waitFor();
    expect(await accessProblems(page)).toEqual([]);
    await field().fill('What is ordered?');
    expect(await page.getByRole('button', { name: 'Send', exact: true }).isDisabled()).toBe(true);
    await page.unroute('**/api/common/file/upload');
    await page.getByRole('button', { name: 'Try again: order.txt' }).click();
    await chips.getByRole('alert').waitFor({ state: 'detached' });

    // Held back, so that it is seen on its way, and so that it can be given up.
    const { promise: held, resolve: go } = Promise.withResolvers<void>();
    await page.route('**/api/common/file/upload', async (route) => {
      await held;
      await route.continue().catch(() => undefined);
    });
    await attach([picture, { ...picture, name: 'twin.png' }]);
    await chips.filter({ hasText: 'heron.png' }).getByText(/%$/).waitFor();
    await page.getByRole('button', { name: 'Remove twin.png' }).click();
    await expect.poll(() => chips.count()).toBe(2);
    go();
    reply = 'A heron.';
    await page.getByRole('button', { name: 'Send', exact: true }).and(page.locator(':enabled')).click();
    await answered();
    await page.unroute('**/api/common/file/upload');
    for (const name of ['order.txt', 'heron.png']) await page.getByRole('log').getByTitle(name).waitFor();
    expect(await page.getByRole('log').getByTitle('twin.png').count()).toBe(0);
    expect(upstream.calls.filter(({ body }) => JSON.stringify(body).includes('image_url'))).toHaveLength(1);
    const chatId = new URL(page.url()).pathname.split('/').at(-1);
    await call('DELETE', `/api/core/chat/history/delHistory?appId=${appId}&chatId=${chatId}`);
  });

  test('chats are found by what was said in them, pinned, renamed, and deleted with a way back', async () => {
    reply = 'Herons are grey.';
    await newChat();
    await ask('Which colour do birds have?');
    await answered();
    // The list says more of the question than the title keeps.
    await page
      .getByRole('navigation', { name: 'Chats' })
      .getByRole('link', { name: 'Which colour do birds have?' })
      .waitFor();
    const history = page.getByRole('navigation', { name: 'Chats' });
    const chats = history.getByRole('link');
    await expect.poll(() => chats.count()).toBe(2);
    await history.getByRole('textbox', { name: 'Search chats' }).fill('herons are');
    await expect.poll(() => chats.count()).toBe(1);
    await history.getByRole('textbox', { name: 'Search chats' }).fill('');
    await expect.poll(() => chats.count()).toBe(2);
    const menu = async (at: number, item: string) => {
      await chats.nth(at).hover();
      await history
        .getByRole('button', { name: /^Actions for/ })
        .nth(at)
        .click();
      await page.getByRole('menuitem', { name: item }).click();
    };
    await menu(1, 'Pin');
    await history.getByLabel('Pinned').waitFor();
    await menu(0, 'Rename');
    await page.getByRole('textbox', { name: 'Name' }).fill('About the warranty');
    await page.getByRole('button', { name: 'Save' }).click();
    await history.getByRole('link', { name: 'About the warranty' }).waitFor();
    await menu(0, 'Delete');
    await expect.poll(() => chats.count()).toBe(1);
    // The notice leaves the way to ask on free.
    await field().fill('And wrens?');
    await page.getByRole('button', { name: 'Send', exact: true }).click({ trial: true });
    await field().fill('');
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => chats.count()).toBe(2);
    await menu(0, 'Delete');
    await page.getByText('Deleted: About the warranty').first().waitFor();
    await page.goto('/jobs');
    const left = async () => (await call('POST', '/api/core/chat/getHistories', { appId })).total;
    await expect.poll(left, { timeout: 10_000 }).toBe(1);
  });

  test('a phone has room for all of it', async () => {
    const phone = await world.visit({
      path: `/chat/${appId}`,
      viewport: { width: 390, height: 844 },
      lang: 'zh',
    });
    page = phone.page;
    await page.getByRole('textbox', { name: '您的问题' }).waitFor();
    await page.getByRole('button', { name: '显示对话记录' }).click();
    await page.getByRole('dialog', { name: '对话记录' }).getByRole('link').first().click();
    await page.getByText('Herons are grey.').waitFor();
    // Deleting the chat that is open closes the list; the way back stays.
    await page.getByRole('button', { name: '显示对话记录' }).click();
    const drawer = page.getByRole('dialog', { name: '对话记录' });
    await drawer.getByRole('button', { name: /的操作$/ }).click();
    await page.getByRole('menuitem', { name: '删除' }).click();
    const undo = page.getByRole('button', { name: '撤销' });
    await undo.waitFor();
    expect(await undo.evaluate((button) => button.scrollWidth > button.clientWidth)).toBe(false);
    await undo.click();
    await page.getByRole('button', { name: '显示对话记录' }).click();
    await drawer.getByRole('link').first().click();
    await page.getByText('Herons are grey.').waitFor();
    const width = await page.evaluate('document.documentElement.scrollWidth');
    expect(width).toBe(390);
    expect(await accessProblems(page)).toEqual([]);
    for (const { outside, dialogs, complaints } of [visitor, phone])
      expect({ outside, dialogs, complaints }).toEqual({ outside: [], dialogs: [], complaints: [] });
  });

  test('a long chat opens at its end, is read from its beginning, and leads back', async () => {
    reply = 'An answer as any other.';
    const reader = await world.visit({ path: `/chat/${appId}` });
    page = reader.page;
    for (let n = 0; n < 40; n++) {
      const messages = [{ role: 'user', content: `Question number ${n}.` }];
      await call('POST', '/api/v1/chat/completions', { appId, chatId: 'long', messages });
    }
    await page.goto(`/chat/${appId}/long`);
    const log = page.getByRole('log');
    const said = (n: number) => log.getByText(`Question number ${n}.`, { exact: true });
    await said(39).waitFor();
    await expect.poll(() => inSight(said(39)), { timeout: 10_000 }).toBe(true);
    for (const earliest of [10, 0]) {
      await log.evaluate((box) => box.scrollTo(0, 0));
      await log.getByRole('button', { name: 'Show earlier messages' }).click();
      await said(earliest).waitFor({ state: 'attached' });
    }
    await log.evaluate((box) => box.scrollTo(0, 0));
    await expect.poll(() => inSight(said(0)), { timeout: 10_000 }).toBe(true);
    // What is laid out on the way must not take the reader along.
    await page.waitForTimeout(300);
    expect(await inSight(said(0))).toBe(true);
    await page.getByRole('button', { name: 'Go to the latest message' }).click();
    await expect.poll(() => inSight(said(39)), { timeout: 10_000 }).toBe(true);
    expect(reader.complaints).toEqual([]);
  });
});
