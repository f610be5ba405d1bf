import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import iconv from 'iconv-lite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePdf } from '../retrieval/formats/fixtures.ts';
import { type Outside, type OutsideAnswer, startOutside } from '../testing/outside.ts';
import { startTestServer, type TestServer } from '../testing/server.ts';

/* Collections whose documents lie elsewhere: real servers on loopback, which the guard takes for the world outside. */

let server: TestServer;
let outside: Outside;
let key: string;
/** What the world answers, by host and path; a test adds its own. */
const pages = new Map<string, OutsideAnswer>();

beforeAll(async () => {
  outside = await startOutside(
    (request, response) => {
      const answer = pages.get(request.host + request.path);
      if (answer) return answer(request, response);
      response.writeHead(404, { 'content-type': 'text/plain' }).end('nothing here');
    },
    { 'inner.example': ['10.0.0.8'] },
  );
  server = await startTestServer({}, { guard: outside.guard });
  key = await server.createKey({ name: 'web' });
}, 60_000);
afterAll(async () => {
  await server.close();
  await outside.close();
});

const base = '/api/core/dataset';
const html = (body: string, type = 'text/html; charset=utf-8'): OutsideAnswer => {
  return (_request, response) => {
    response.writeHead(200, { 'content-type': type }).end(body);
  };
};
const call = (method: string, path: string, body?: unknown) =>
  server.call(method, base + path, { key, ...(body !== undefined && { body }) });
async function data(answered: ReturnType<typeof call>) {
  const answer = await answered;
  expect(answer.status, answer.text).toBe(200);
  return answer.json.data;
}
const newDataset = (): Promise<string> => data(call('POST', '/create', { name: 'Web' }));
/** Waits until the import of a collection has ended; answers its detail and what it holds. */
async function imported(collectionId: string) {
  for (let i = 0; i < 400; i++) {
    const { progress, error } = await data(
      call('GET', `/collection/trainingDetail?collectionId=${collectionId}`),
    );
    if (['done', 'failed', 'cancelled'].includes(progress.state)) {
      const detail = await data(call('GET', `/collection/detail?id=${collectionId}`));
      const { list } = await data(call('POST', '/data/v2/list', { collectionId, pageSize: 30 }));
      return { detail, error, state: progress.state, text: list.map(({ q }: { q: string }) => q).join('\n') };
    }
    await pause(25);
  }
  throw new Error('the import did not end');
}
async function link(url: string, more: object = {}) {
  const datasetId = await newDataset();
  const made = await data(call('POST', '/collection/create/link', { datasetId, link: url, ...more }));
  expect(made.results).toEqual({ insertLen: 0, overToken: [], repeat: [], error: [] });
  return { datasetId, ...(await imported(made.collectionId)) };
}

const sentence = 'Everyone has thirty days of leave a year, and takes them when the work allows it. ';
const article = (inner = '') =>
  `<!doctype html><html><head><title>Leave &amp; rest</title></head><body><nav><a href="/">Menu entry</a></nav>
  <article><h1>Leave</h1><p>${sentence.repeat(4)}</p><p>${sentence.repeat(4)} See <a href="rules.html">the rules</a>
  <img src="/plan.png" alt="the plan"></p>${inner}</article><footer>Imprint words</footer></body></html>`;

describe('a link', () => {
  it('becomes its main content under the title of the page, with whole links, and the page is kept', async () => {
    pages.set('site.example/docs/leave', html(article()));
    const { detail, text, datasetId } = await link('http://site.example/docs/leave#top');
    expect(detail).toMatchObject({
      type: 'link',
      name: 'Leave & rest',
      rawLink: 'http://site.example/docs/leave',
      sourceId: 'http://site.example/docs/leave',
      file: { filename: 'leave.html', contentType: 'text/html; charset=utf-8' },
    });
    expect(text).toContain('thirty days of leave');
    expect(text).toContain('[the rules](http://site.example/docs/rules.html)');
    expect(text).toContain('![the plan](http://site.example/plan.png)');
    expect(text).not.toMatch(/Menu entry|Imprint/);
    const found = await data(
      call('POST', '/searchTest', { datasetId, text: 'days of leave', searchMode: 'fullTextRecall' }),
    );
    expect(found.list[0]).toMatchObject({
      sourceName: 'Leave & rest',
      sourceId: 'http://site.example/docs/leave',
    });
  });

  it('keeps the name it was given, and what a selector finds, however often', async () => {
    pages.set(
      'site.example/parts',
      html('<h2>One</h2><div><p class="x">first part</p></div><p>none</p><p class="x">second part</p>'),
    );
    const { detail, text } = await link('http://site.example/parts', {
      name: 'Parts',
      metadata: { webPageSelector: ' .x ', other: 1 },
    });
    expect(detail).toMatchObject({ name: 'Parts', metadata: { webPageSelector: ' .x ', other: 1 } });
    expect(text).toBe('first part\n\nsecond part');
  });

  it('reads a page of tables whole, where the reader of articles would drop them', async () => {
    const rows = Array.from({ length: 40 }, (_, i) => `<tr><td>key ${i}</td><td>value ${i}</td></tr>`).join(
      '',
    );
    pages.set(
      'site.example/table',
      html(
        `<html><body><header>Banner</header><p>${sentence.repeat(4)}</p><div><table><tr><th>A</th><th>B</th></tr>${rows}</table></div></body></html>`,
      ),
    );
    const { text } = await link('http://site.example/table');
    expect(text).toContain('| key 39 | value 39 |');
    expect(text).not.toContain('Banner');
  });

  it('reads what the server or the page says the letters are', async () => {
    const page = '<html><head><title>假期</title></head><body><p>每人每年有三十天假期。</p></body></html>';
    pages.set('site.example/header', (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html; charset=GBK' }).end(iconv.encode(page, 'gbk'));
    });
    pages.set('site.example/meta', (_request, response) => {
      const meta = page
        .replace('<title>', '<meta charset="big5"><title>')
        .replace('每人每年有三十天假期', '每人每年有三十天');
      response.writeHead(200, { 'content-type': 'text/html' }).end(iconv.encode(meta, 'big5'));
    });
    expect((await link('http://site.example/header')).text).toContain('每人每年有三十天假期');
    const second = await link('http://site.example/meta');
    expect(second.detail.name).toBe('假期');
    expect(second.text).toContain('三十天');
  });

  it('follows a redirect, unpacks what was sent packed, and makes links whole where the page was found', async () => {
    pages.set('old.example/a', (_request, response) => {
      response.writeHead(301, { location: 'http://new.example/deep/b' }).end();
    });
    pages.set('new.example/deep/b', (_request, response) => {
      response
        .writeHead(200, { 'content-type': 'text/html', 'content-encoding': 'gzip' })
        .end(gzipSync(article()));
    });
    const { text, detail } = await link('http://old.example/a');
    expect(text).toContain('(http://new.example/deep/rules.html)');
    expect(detail.rawLink).toBe('http://old.example/a');
  });

  it('can be found by where its page lies now, beside what people say of it meanwhile', async () => {
    let place = 'http://moved.example/one';
    pages.set('start.example/a', (_request, response) => {
      response.writeHead(302, { location: place }).end();
    });
    pages.set('moved.example/one', html(article()));
    pages.set('moved.example/two', html(article('<p>The heron has moved.</p>')));
    const metadata = { lang: 'de' };
    const { datasetId, detail } = await link('http://start.example/a', { metadata });
    const found = async (asked: object): Promise<number> => {
      const search = { datasetId, text: 'days of leave', searchMode: 'fullTextRecall' };
      const body = { ...search, collectionFilterMatch: { metadata: asked } };
      return (await data(call('POST', '/searchTest', body))).list.length;
    };
    expect(await found({ webPageUrl: place })).toBeGreaterThan(0);
    expect(await found({ webPageUrl: place, lang: 'de' })).toBeGreaterThan(0);
    place = 'http://moved.example/two';
    // People change it while the page is fetched again.
    const { _id: id } = detail;
    pages.set('start.example/a', async (_request, response) => {
      await data(call('PUT', '/collection/update', { id, metadata: { lang: 'en', price: 3 } }));
      response.writeHead(302, { location: place }).end();
    });
    expect(await data(call('POST', '/collection/sync', { collectionId: id }))).toBe('success');
    const again = await imported(id);
    expect(again.text).toContain('The heron has moved.');
    expect(again.detail.metadata).toEqual({ lang: 'en', price: 3, webPageUrl: place });
    expect(await found({ webPageUrl: place, price: { $gt: 2 }, lang: 'en' })).toBeGreaterThan(0);
    expect(await found({ lang: 'de' })).toBe(0);
    expect(await found({ webPageUrl: 'http://moved.example/one' })).toBe(0);
  });

  it('reads other files by what they are', async () => {
    pages.set('site.example/paper', (_request, response) => {
      response
        .writeHead(200, { 'content-type': 'application/pdf' })
        .end(makePdf([[72, 700, 12, 'The seal of the paper is a heron.']]));
    });
    const { text, detail } = await link('http://site.example/paper');
    expect(text).toContain('heron');
    expect(detail).toMatchObject({ type: 'link', file: { filename: 'paper.pdf' } });
  });

  it.each([
    ['http://site.example/absent', 'answered with status 404 (there is no such page)'],
    ['http://nowhere.invalid/', 'the host name is unknown'],
    ['http://inner.example/', 'is not allowed'],
    ['http://site.example/to-inner', 'is not allowed'],
    ['http://site.example/picture.bin', 'cannot be read'],
    ['http://site.example/empty', 'No text was found'],
    ['http://site.example/huge', 'larger than 100000000 bytes'],
    ['http://site.example/loop', 'more than 5 redirects'],
  ])(
    '%s fails, says why, and shows nothing',
    async (url, why) => {
      pages.set('site.example/to-inner', (_request, response) => {
        response.writeHead(302, { location: 'http://169.254.169.254/latest/' }).end();
      });
      pages.set('site.example/loop', (_request, response) => {
        response.writeHead(302, { location: '/loop' }).end();
      });
      pages.set('site.example/picture.bin', (_request, response) => {
        response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(Buffer.alloc(500, 7));
      });
      pages.set('site.example/empty', html('<html><body><script>x()</script></body></html>'));
      pages.set('site.example/huge', (_request, response) => {
        response
          .writeHead(200, { 'content-type': 'text/html', 'content-encoding': 'gzip' })
          .end(gzipSync(Buffer.alloc(101e6)));
      });
      const datasetId = await newDataset();
      const { collectionId } = await data(call('POST', '/collection/create/link', { datasetId, link: url }));
      const error = await failure(collectionId);
      expect(error).toContain(why);
      expect((await data(call('POST', '/data/v2/list', { collectionId }))).total).toBe(0);
    },
    20_000,
  );

  it('says which selector finds nothing and which is none', async () => {
    pages.set('site.example/leave', html(article()));
    for (const [webPageSelector, why] of [
      ['.absent', 'matches nothing'],
      ['h1[', 'not a CSS selector'],
    ]) {
      const { error } = await link('http://site.example/leave', { metadata: { webPageSelector } });
      expect(error).toContain(why);
    }
  });
});

/** The first thing that went wrong with an import, whether or not it is tried again. */
async function failure(collectionId: string): Promise<string> {
  for (let i = 0; i < 400; i++) {
    const job = await server.app.store.db
      .selectFrom('jobs')
      .select('error')
      .where('collectionId', '=', collectionId)
      .executeTakeFirst();
    if (job?.error) return JSON.parse(job.error).en;
    await pause(25);
  }
  throw new Error('nothing failed');
}

describe('a file by its address', () => {
  it('is fetched, kept and read like an upload, and found again by the caller’s own id', async () => {
    pages.set(
      'files.example/7',
      html('# Rules\n\nThe seventh rule is about herons.', 'application/octet-stream'),
    );
    const datasetId = await newDataset();
    const { collectionId } = await data(
      call('POST', '/collection/create/externalFileUrl', {
        datasetId,
        externalFileUrl: 'http://files.example/7?version=2',
        externalFileId: 'rules-7',
        filename: 'Rules.md',
      }),
    );
    const { detail, text } = await imported(collectionId);
    expect(text).toContain('The seventh rule');
    expect(detail).toMatchObject({
      type: 'externalFile',
      name: 'Rules.md',
      externalFileId: 'rules-7',
      externalFileUrl: 'http://files.example/7?version=2',
      sourceId: 'rules-7',
      file: { filename: 'Rules.md' },
    });
    expect(outside.requests.at(-1)?.query.get('version')).toBe('2');
    await data(call('PUT', '/collection/update', { datasetId, externalFileId: 'rules-7', tags: ['law'] }));
    expect((await data(call('GET', `/collection/detail?id=${collectionId}`))).tags).toEqual(['law']);
    const missing = await call('DELETE', '/collection/delete', { externalFileId: 'rules-7' });
    expect([missing.status, missing.json.message]).toEqual([400, expect.stringContaining('datasetId')]);
    await data(call('DELETE', '/collection/delete', { datasetId, externalFileId: 'rules-7' }));
    expect((await call('GET', `/collection/detail?id=${collectionId}`)).status).toBe(404);
  });

  it('is one for each id of the caller’s, however many calls make it at the same time', async () => {
    pages.set('files.example/8', html('# Rules\n\nThe eighth.', 'application/octet-stream'));
    const datasetId = await newDataset();
    const make = (of = datasetId) =>
      call('POST', '/collection/create/externalFileUrl', {
        datasetId: of,
        externalFileUrl: 'http://files.example/8',
        externalFileId: 'rules-8',
      });
    const answers = await Promise.all(Array.from({ length: 6 }, () => make()));
    const [made, ...more] = answers.filter(({ status }) => status === 200);
    expect(more).toEqual([]);
    const refused = answers.filter(({ status }) => status === 409);
    expect(refused).toHaveLength(5);
    for (const { json } of refused) expect(json.message).toContain(made?.json.data.collectionId);
    expect((await make(await newDataset())).status).toBe(200);
    await data(call('POST', '/collection/delete', { datasetId, externalFileId: 'rules-8' }));
    expect((await make()).status).toBe(200);
  });

  it('is called as its server calls it, also by the older path, and uploaded HTML is read whole', async () => {
    pages.set('files.example/get', (_request, response) => {
      response
        .writeHead(200, {
          'content-type': 'text/html',
          'content-disposition': "attachment; filename=x.bin; filename*=UTF-8''%E8%A7%84%E5%88%99.html",
        })
        .end(article().replace('<footer>', '<aside>Words beside it</aside><footer>'));
    });
    const datasetId = await newDataset();
    const answer = await server.call('POST', '/api/proApi/core/dataset/collection/create/externalFileUrl', {
      key,
      body: { datasetId, externalFileUrl: 'http://files.example/get' },
    });
    const { detail, text } = await imported(answer.json.data.collectionId);
    expect(detail.name).toBe('规则.html');
    expect(text).toContain('Words beside it');
    expect((await link('http://files.example/get')).detail.name).toBe('规则.html');
  });
});

describe('a link that is fetched again', () => {
  it('changes only when its text did, keeps passages that stay, and answers with the old text until then', async () => {
    const page = (...parts: string[]) =>
      `<html><head><title>News</title></head><body>${parts.map((part) => `<h2>${part}</h2><p>${part} is in the news. ${sentence.repeat(3)}</p>`).join('')}</body></html>`;
    const asked: (string | undefined)[] = [];
    let now = page('Heron', 'Stork');
    pages.set('site.example/news', (request, response) => {
      asked.push(request.headers['user-agent']);
      response.writeHead(200, { 'content-type': 'text/html' }).end(now);
    });
    const split = { chunkSettingMode: 'custom', chunkSize: 64, chunkTriggerType: 'forceChunk' };
    const { datasetId, detail } = await link('http://site.example/news', split);
    const collectionId = detail._id;
    const items = async () => (await data(call('POST', '/data/v2/list', { collectionId }))).list;
    const before = await items();
    const sync = () => data(call('POST', '/collection/sync', { collectionId }));
    expect(await sync()).toBe('sameRaw');
    now = now.replace('<body>', '<body class="other">');
    expect(await sync()).toBe('sameRaw');
    now = page('Heron', 'Crane');
    expect(await sync()).toBe('success');
    const found = async (text: string) =>
      (await data(call('POST', '/searchTest', { datasetId, text, searchMode: 'fullTextRecall' }))).list;
    for (let i = 0; i < 400 && (await found('crane')).length === 0; i++) {
      expect(await found('heron')).not.toEqual([]);
      await pause(20);
    }
    expect(await imported(collectionId)).toMatchObject({ state: 'done', detail: { name: 'News' } });
    const after = await items();
    const heron = (list: { q: string; _id: string }[]) =>
      list.filter(({ q }) => q.includes('Heron')).map(({ _id }) => _id);
    expect(heron(after)).toEqual(heron(before));
    expect(await found('stork')).toEqual([]);
    pages.set('site.example/news', (_request, response) => {
      response.writeHead(500).end();
    });
    const failed = await server.call('POST', `${base}/collection/sync`, {
      key,
      body: { collectionId },
      headers: { 'accept-language': 'zh-CN' },
    });
    expect([failed.status, failed.json.data]).toEqual([200, 'failed']);
    expect(failed.json.message).toMatch(/500.*请在浏览器中打开该地址/);
    expect((await items()).length).toBe(after.length);
    expect(asked[0]).toBe('Lectern');
  });

  it('is one that was fetched: others are refused', async () => {
    const datasetId = await newDataset();
    const collectionId = await data(
      call('POST', '/collection/create', { datasetId, name: 'n', type: 'virtual' }),
    );
    const answer = await call('POST', '/collection/sync', { collectionId });
    expect([answer.status, answer.json.code]).toEqual([400, 501001]);
  });
});

describe('common/tools/urlFetch', () => {
  it('reads pages without storing them; one that fails says why and stops no other', async () => {
    pages.set('site.example/leave', html(article()));
    const urlList = [
      'http://site.example/leave',
      'http://10.0.0.1/',
      'file:///etc/passwd',
      'http://site.example/none',
    ];
    const answer = await server.call('POST', '/api/common/tools/urlFetch', {
      sessionToken: server.root.sessionToken,
      body: { urlList, selector: 'h1' },
    });
    expect(answer.json.data).toEqual([
      { url: urlList[0], title: 'Leave & rest', content: '# Leave', selector: 'h1' },
      {
        url: urlList[1],
        title: '',
        content: '',
        selector: 'h1',
        error: expect.stringContaining('not allowed'),
      },
      {
        url: urlList[2],
        title: '',
        content: '',
        selector: 'h1',
        error: expect.stringContaining('not allowed'),
      },
      { url: urlList[3], title: '', content: '', selector: 'h1', error: expect.stringContaining('404') },
    ]);
    expect(outside.requests.every(({ host }) => host !== '10.0.0.1')).toBe(true);
  });
});
