import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { writeWelcome } from '@lectern/contract/welcome.ts';
import { createApp } from '../apps/create-app.ts';
import { createTextCollection } from '../collections/create-text.ts';
import type { App, Caller } from '../context.ts';
import { createDataset } from '../datasets/create-dataset.ts';
import { createKey } from '../keys/create-key.ts';

/** The demo of the first start: a dataset of Lectern's own documentation and an app that answers from it. */
export interface Demo {
  datasetId: string;
  appId: string;
  /** An app key of the demo app, in plain text: printed once. */
  key: string;
}

const root = join(import.meta.dirname, '../../../..');
/** What a user may ask about; how Lectern is built would only add noise. */
const documents = [
  'README.md',
  'README.zh-CN.md',
  'docs/guide.md',
  'docs/guide.zh-CN.md',
  'docs/GLOSSARY.md',
  'SECURITY.md',
  'SECURITY.zh-CN.md',
];

const prompt = `You answer questions about Lectern from its documentation. Answer in the language of the question, briefly, and cite your sources.
您根据 Lectern 的文档回答有关 Lectern 的问题。请用提问的语言简短作答，并注明来源。`;

const welcomeText = writeWelcome({
  text: `I know Lectern’s documentation. Ask in your language: every answer names its sources, and a click on one shows the passage.

我熟悉 Lectern 的文档。您可以用自己的语言提问；回答都会注明来源，点击即可查看原文。`,
  questions: [
    'Which file formats can I import?',
    'How do I call an app with an API key?',
    '如何导入文件并查看进度？',
  ],
});

/** Makes dataset, app and key as root's member, through the same functions that the API calls. */
export async function makeDemo(app: App, caller: Caller): Promise<Demo> {
  const datasetId = await createDataset(app, caller, {
    name: 'Lectern documentation · Lectern 文档',
    intro: 'Made at the first start from the documents of this version. 首次启动时由本版本的文档生成。',
    type: 'dataset',
  });
  for (const path of documents) {
    const text = await readFile(join(root, path), 'utf8');
    await createTextCollection(app, caller, { datasetId, name: basename(path), text });
  }
  const appId = await createApp(app, caller, {
    name: 'Lectern guide · Lectern 助手',
    type: 'simple',
    simple: { prompt, welcomeText, datasets: [{ datasetId }] },
  });
  const key = await createKey(app, caller, { name: 'demo', appId });
  return { datasetId, appId, key };
}
