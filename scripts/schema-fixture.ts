import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';

/*
 * `npm run fixture -- --checkout DIR`: keeps the data of a released version for the test that upgrades it. Starts the
 * server of that checkout (with its own node_modules), uses it as people do, over HTTP, stops it, and packs what it
 * has left into server/src/store/fixtures/<version>. See the README there.
 */
const root = resolve(import.meta.dirname, '..');
const { values } = parseArgs({ options: { checkout: { type: 'string' } } });
if (!values.checkout)
  throw new Error('usage: npm run fixture -- --checkout DIR (a checkout of the released version)');
const checkout = resolve(values.checkout);
const { version } = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8')) as { version: string };

const password = `the password of root in ${version}`;
const question = 'When do the cranes leave?';
const text = 'The cranes leave the lake in the third week of October, when the first frost comes.';

async function startServer(dataDir: string) {
  const args = [join(checkout, 'server/src/main.ts'), '--port', '0', '--no-demo', '--data', dataDir];
  const env = { ...process.env, OLLAMA_URL: 'off', LOG_LEVEL: 'info', DEFAULT_ROOT_PSW: password };
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: child.stdout })) {
    const { msg, url } = line.startsWith('{') ? (JSON.parse(line) as { msg?: string; url?: string }) : {};
    if (msg === 'listening' && url) return { url, child };
  }
  throw new Error('the server did not start');
}

/** Everything an installation has, made through the API; answers what a test needs to find it again. */
async function use(url: string) {
  const ask = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const form = body instanceof FormData;
    const answer = await fetch(url + path, {
      method,
      headers: { ...headers, ...(body !== undefined && !form && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: form ? body : JSON.stringify(body) }),
    });
    const json = (await answer.json()) as { code?: number; message?: string; data?: unknown };
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${json.message}`);
    return json.data as never;
  };
  const account = '/api/support/user/account';
  const { code } = (await ask('GET', `${account}/preLogin?username=root`)) as { code: string };
  const hashed = createHash('sha256').update(password).digest('hex');
  const { token } = (await ask('POST', `${account}/loginByPassword`, {
    username: 'root',
    password: hashed,
    code,
  })) as {
    token: string;
  };
  const post = <T>(path: string, body: unknown) => ask('POST', path, body, { token }) as Promise<T>;

  const datasetId = await post<string>('/api/core/dataset/create', { name: 'Birds' });
  const collection = { datasetId, name: 'Cranes', text, trainingType: 'chunk' };
  await post('/api/core/dataset/collection/create/text', collection);
  const form = new FormData();
  form.set('data', JSON.stringify({ datasetId, trainingType: 'chunk' }));
  form.set('file', new Blob(['# Herons\n\nHerons stay all winter.']), 'herons.md');
  await post('/api/core/dataset/collection/create/localFile', form);
  for (const query of [text, 'Herons stay all winter'])
    await untilFound(() => post('/api/core/dataset/searchTest', { datasetId, text: query }));
  const gone = await post<string>('/api/core/dataset/create', { name: 'Gone' });
  await ask('DELETE', `/api/core/dataset/delete?id=${gone}`, undefined, { token });
  const simple = { prompt: 'Answer from the documents.', datasets: [{ datasetId }] };
  const appId = await post<string>('/api/core/app/create', { name: 'Ranger', type: 'simple', simple });
  const globalKey = await post<string>('/api/support/openapi/create', { name: 'global' });
  const appKey = await post<string>('/api/support/openapi/create', { name: 'app', appId });
  const chatId = 'kept-chat';
  const messages = [{ role: 'user', content: question }];
  await ask('POST', '/api/v1/chat/completions', { chatId, messages }, { authorization: `Bearer ${appKey}` });
  return { datasetId, appId, globalKey, appKey, chatId, question, text };
}

async function untilFound(search: () => Promise<{ list?: unknown[] }>): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    if (((await search()).list?.length ?? 0) > 0) return;
    await new Promise((later) => setTimeout(later, 100));
  }
  throw new Error('what was imported is not found');
}

/** One file without a log, and the schema that it has. */
function packed(path: string): { bytes: Buffer; schema: string[] } {
  const db = new DatabaseSync(path);
  db.exec('pragma journal_mode = delete; vacuum');
  const schema = db
    .prepare('select name from migrations order by name')
    .all()
    .map(({ name }) => String(name));
  db.close();
  return { bytes: gzipSync(readFileSync(path), { level: 9 }), schema };
}

const dataDir = mkdtempSync(join(tmpdir(), 'lectern-fixture-'));
const { url, child } = await startServer(dataDir);
const made = await use(url);
const ended = once(child, 'exit');
child.kill('SIGTERM');
await ended;
const { bytes, schema } = packed(join(dataDir, 'lectern.db'));
const folder = join(root, 'server/src/store/fixtures', version);
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'lectern.db.gz'), bytes);
cpSync(join(dataDir, 'blobs'), join(folder, 'blobs'), { recursive: true });
writeFileSync(
  join(folder, 'facts.json'),
  `${JSON.stringify({ version, password, ...made, schema }, null, 2)}\n`,
);
rmSync(dataDir, { recursive: true, force: true });
console.log(`wrote ${folder} (${bytes.length} bytes, schema ${schema.at(-1)})`);
