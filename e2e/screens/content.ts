import { createHash } from 'node:crypto';
import { type Client, createClient } from '@lectern/contract/client.ts';
import { contract } from '@lectern/contract/contract.ts';
import type { Lang } from '@lectern/contract/lang.ts';
import { makePages } from '../../server/src/retrieval/formats/fixtures.ts';
import { words } from './words.ts';

type Words = (typeof words)[Lang];
export type Api = Client<typeof contract>;

/** What the screens show: ids to open. */
export interface Content {
  datasetId: string;
  collectionId: string;
  /** A passage of it. */
  dataId: string;
  /** Of two settings. */
  evaluationId: string;
  appId: string;
  chatId: string;
}

/** The typed client with a session of `root`. */
export async function sessionOf(url: string, password: string, lang: Lang): Promise<Api> {
  const anonymous = createClient(contract, { baseUrl: url, lang });
  const { code } = await anonymous.preLogin({ username: 'root' });
  const { token } = await anonymous.loginByPassword({
    username: 'root',
    password: createHash('sha256').update(password).digest('hex'),
    code,
  });
  return createClient(contract, { baseUrl: url, lang, sessionToken: token });
}

/** A small company's knowledge, app, chats, keys and colleagues, with one file that cannot be read. */
export async function fillServer(api: Api, lang: Lang): Promise<Content> {
  const say = words[lang];
  await api.createDatasetFolder({ name: say.folder, intro: '' });
  const datasetId = String(await api.createDataset({ name: say.dataset, intro: say.intro, type: 'dataset' }));
  const files: [name: string, content: string | Uint8Array, type: string][] = [
    [say.manual.name, say.manual.text, 'text/markdown'],
    [say.prices.name, say.prices.text, 'text/csv'],
    [say.delivery.name, say.delivery.text, 'text/markdown'],
    ['Warranty.pdf', warranty(), 'application/pdf'],
    [say.broken, new Uint8Array([80, 75, 3, 4, 1, 2, 3]), 'application/octet-stream'],
  ];
  const collections: string[] = [];
  for (const [name, content, type] of files) {
    const bytes = new Blob([typeof content === 'string' ? content : Buffer.from(content)], { type });
    const made = await api
      .createFileCollection({ datasetId, trainingType: 'chunk' }, { files: [{ name, content: bytes }] })
      .catch(() => undefined);
    if (made) collections.push(made.collectionId);
  }
  await untilQuiet(api);
  await label(api, datasetId, collections, say.tags);
  const evaluationId = await measure(api, datasetId, collections, say);
  const appId = await makeApp(api, datasetId, say);
  const chatId = await talk(api, appId, say.questions);
  await api.createKey({ appId, name: say.keys[0] });
  await api.createKey({ name: say.keys[1] });
  await api.inviteMembers({ usernames: [...say.members], role: 'editor' });
  await api.deleteDataset({ id: String(await api.createDataset({ name: say.discarded, type: 'dataset' })) });
  await api.deleteApp({ appId: await api.createApp({ name: say.discardedApp, type: 'simple' }) });
  const collectionId = collections[0] ?? '';
  const { list } = await api.listData({ collectionId, pageSize: 1 });
  return { datasetId, collectionId, dataId: list[0]?._id ?? '', evaluationId, appId, chatId };
}

function warranty(): Uint8Array {
  const page = (title: string, lines: string[]) =>
    [title, ...lines].map((text, n): [number, number, number, string] => [
      72,
      740 - n * 26,
      n === 0 ? 20 : 12,
      text,
    ]);
  return makePages([
    page('Warranty', [
      'Every machine has a warranty of three years from the day it was bought.',
      'The warranty covers the boiler, the pump and the grinder.',
    ]),
    page('What is not covered', [
      'Damage by lime is not covered when the machine was not descaled.',
      'Seals and filters are parts that wear and have a warranty of six months.',
    ]),
  ]);
}

/** Waits until no job is left to do. */
async function untilQuiet(api: Api): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const { list } = await api.listJobs({ state: 'unfinished', pageSize: 1 });
    if (list.length === 0) return;
    await new Promise((wake) => setTimeout(wake, 200));
  }
  throw new Error('the imports did not end');
}

async function label(
  api: Api,
  datasetId: string,
  collections: string[],
  tags: readonly string[],
): Promise<void> {
  for (const [n, tag] of tags.entries()) {
    await api.createTag({ datasetId, tag });
    const found = (await api.getAllTags({ datasetId })).list.find((each) => each.tag === tag);
    const id = collections[n];
    if (found && id) await api.addTagToCollections({ datasetId, tag: found._id, collectionIds: [id] });
  }
}

/** Saves the questions and asks them twice: with one setting, then with two. Answers the second evaluation. */
async function measure(
  api: Api,
  datasetId: string,
  collections: string[],
  { questions, settings: [all, few] }: Words,
): Promise<string> {
  for (const [n, question] of questions.entries()) {
    const expected = collections[n % collections.length] ?? '';
    await api.createSavedQuestion({ datasetId, question, expectedCollectionIds: [expected] });
  }
  const settings = [{ name: all, searchMode: 'fullTextRecall' as const }];
  await api.evaluate({ datasetId, settings });
  await untilQuiet(api);
  const both = [...settings, { name: few, searchMode: 'fullTextRecall' as const, limit: 300 }];
  const { _id } = await api.evaluate({ datasetId, settings: both });
  await untilQuiet(api);
  return _id;
}

/** The demo's app, over our dataset. */
async function makeApp(api: Api, datasetId: string, say: Words): Promise<string> {
  const [first] = await api.listApps({});
  const demo = await api.getApp({ appId: first?._id ?? '' });
  const modules = JSON.parse(
    JSON.stringify(demo.modules).replaceAll(
      /"datasetId":"[0-9a-f]{24}"/g,
      JSON.stringify({ datasetId }).slice(1, -1),
    ),
  ) as typeof demo.modules;
  for (const node of modules)
    for (const input of node.inputs ?? []) if (input.key === 'systemPrompt') input.value = say.prompt;
  const chatConfig = {
    ...demo.chatConfig,
    welcomeText: `${say.welcome}\n${say.questions.map((question) => `[${question}]`).join('\n')}`,
  };
  return api.createApp({
    name: say.app,
    intro: say.appIntro,
    type: 'simple',
    modules,
    edges: demo.edges,
    chatConfig,
  });
}

/** Two chats; answers the first. */
async function talk(api: Api, appId: string, questions: readonly string[]): Promise<string> {
  const chats = ['screens-second', 'screens-first'];
  for (const [n, chatId] of chats.entries()) {
    const content = questions[1 - n] ?? '';
    await api.createChatCompletion({ appId, chatId, messages: [{ role: 'user', content }] });
  }
  return chats[1] ?? '';
}
