import type { Route } from '../http/routes.ts';
import { insertTrainingItems, newTrainingRow } from '../jobs/training/items.ts';
import { newId } from '../kernel/ids.ts';
import type { TestPerson, TestServer } from './server.ts';

/** One of everything that a team can have, made through the API, and valid input for every operation over them. */
export interface TeamObjects {
  person: TestPerson;
  globalKey: string;
  appKey: string;
  datasetId: string;
  collectionId: string;
  dataId: string;
  tagId: string;
  appId: string;
  chatId: string;
  keyId: string;
  /** Waits for a time that never comes. */
  jobId: string;
  webhookId: string;
  /** Another member. */
  tmbId: string;
  /** Uploaded, and waiting for a collection. */
  fileId: string;
  /** Root's: what belongs to the installation is managed with it. */
  rootSession: string;
  /** Input that the operation takes: the documented example with ids of this team. */
  input(route: Route): Record<string, unknown>;
  /** Whether dataset, collection, data item, app, key and chat still stand in the store as they were made. */
  stillThere(): Promise<boolean>;
}

/** Makes the objects of a person's team. */
export async function makeTeamObjects(server: TestServer, person: TestPerson): Promise<TeamObjects> {
  const { sessionToken } = person;
  const post = async (path: string, body: unknown) => {
    const answer = await server.call('POST', path, { sessionToken, body });
    if (answer.status !== 200) throw new Error(`${path}: ${answer.text}`);
    return answer.json.data;
  };
  const ofInstallation = await makeModelObjects(server, person.username);
  const datasetId: string = await post('/api/core/dataset/create', {
    name: `dataset of ${person.username}`,
    vlmModel: ofInstallation.model,
  });
  const collectionId: string = await post('/api/core/dataset/collection/create', {
    datasetId,
    name: 'notes',
    type: 'virtual',
  });
  await post('/api/core/dataset/data/pushData', {
    collectionId,
    trainingType: 'chunk',
    data: [{ q: `The secret of ${person.username} is a blue heron.`, a: '' }],
  });
  const item = { datasetId, text: `A page of ${person.username}.` };
  const kept = await server.call('PUT', '/api/core/dataset/collection/items/page-17', {
    sessionToken,
    body: item,
  });
  if (kept.status !== 200) throw new Error(`items: ${kept.text}`);
  // A page of the web that nothing has to be fetched for.
  const linkId: string = await post('/api/core/dataset/collection/create', { datasetId, name: 'page' });
  const page = { type: 'link', rawLink: 'http://handbook.example/leave' } as const;
  await server.app.store.db.updateTable('collections').set(page).where('id', '=', linkId).execute();
  const source = {
    id: datasetId,
    apiDatasetServer: { apiServer: { baseUrl: 'http://files.example', authorization: 'token' } },
  };
  const told = await server.call('PUT', '/api/core/dataset/update', { sessionToken, body: source });
  if (told.status !== 200) throw new Error(`dataset/update: ${told.text}`);
  const items = await post('/api/core/dataset/data/v2/list', { collectionId });
  const dataId: string = items.list[0]._id;
  const { index } = await post('/api/core/dataset/data/index/create', { dataId, text: 'grey bird' });
  const tagId: string = await post('/api/core/dataset/tag/create', { datasetId, tag: 'birds' });
  const simple = { prompt: 'Answer.', datasets: [{ datasetId }] };
  const appId: string = await post('/api/core/app/create', {
    name: `app of ${person.username}`,
    type: 'simple',
    simple,
    chatConfig: { allowedHosts: ['pictures.example'] },
  });
  const globalKey = await server.createKey({ name: 'global' }, person);
  const appKey = await server.createKey({ name: 'app', appId }, person);
  const chatId = `chat-of-${person.username}`;
  const asked = await server.call('POST', '/api/v1/chat/completions', {
    key: appKey,
    body: {
      chatId,
      responseChatItemId: 'answer-1',
      messages: [{ role: 'user', content: 'Which bird is the secret?' }],
    },
  });
  if (asked.status !== 200) throw new Error(`chat: ${asked.text}`);
  const { db } = server.app.store;
  const { id: keyId } = await db
    .selectFrom('api_keys')
    .select('id')
    .where('teamId', '=', person.caller.teamId)
    .where('appId', '=', appId)
    .executeTakeFirstOrThrow();
  const { teamId } = person.caller;
  const queued = await makeQueued(server, { teamId, datasetId, id: collectionId });
  // Nobody is at home there, and nothing ends that way by itself.
  const webhook = { url: 'https://nobody.invalid/hook', states: ['cancelled'] };
  const { id: webhookId } = await post('/api/core/webhooks', webhook);
  const indexDataId: string = index.dataId;
  const answered = await db
    .selectFrom('runs')
    .select('dataId')
    .where('teamId', '=', person.caller.teamId)
    .where('appId', '=', appId)
    .executeTakeFirstOrThrow();
  const ids = {
    ...{ datasetId, collectionId, dataId, indexDataId, tagId, appId, chatId, keyId, webhookId, ...queued },
    chatItemDataId: answered.dataId,
    ...(await makeFile(post, person.username)),
    linkId,
    ...(await makeColleague(post, person.username)),
    documentId: await makeDocument(post, datasetId),
    ...(await makeQuality(post, { datasetId, dataId })),
    labelId: await post('/api/support/openapi/tag', { name: `label of ${person.username}`.slice(0, 50) }),
    // What a dataset without vectors shows as its model: there is nothing to build anew.
    vectorModel: 'builtin-keyword',
    ...(await makeDeleted(server, post, sessionToken)),
  };
  await makeRebuild(server, person, datasetId);
  return {
    person,
    globalKey,
    appKey,
    ...ids,
    rootSession: server.root.sessionToken,
    input: (route) =>
      inputFor(
        route,
        route.endpoint.tag === 'model'
          ? { ...ids, ...ofInstallation }
          : { ...ids, model: appId, apiKey: globalKey },
      ),
    stillThere: () => stillThere(server, ids),
  };
}

/** Whether everything that was made is as it was. */
async function stillThere(
  server: TestServer,
  { datasetId, collectionId, dataId, appId, keyId, chatId }: Ids,
): Promise<boolean> {
  const { db } = server.app.store;
  const found = await Promise.all([
    db.selectFrom('datasets').select('name').where('id', '=', datasetId).executeTakeFirst(),
    db
      .selectFrom('collections')
      .select('name')
      .where('id', '=', collectionId)
      .where('forbid', '=', 0)
      .executeTakeFirst(),
    db
      .selectFrom('data')
      .select('q')
      .where('id', '=', dataId)
      .where('q', 'like', '%blue heron%')
      .executeTakeFirst(),
    db
      .selectFrom('apps')
      .select('name')
      .where('id', '=', appId)
      .where('name', 'like', 'app of %')
      .executeTakeFirst(),
    db
      .selectFrom('api_keys')
      .select('name')
      .where('id', '=', keyId)
      .where('name', '=', 'app')
      .executeTakeFirst(),
    db
      .selectFrom('chats')
      .select('title')
      .where('appId', '=', appId)
      .where('chatId', '=', chatId)
      .executeTakeFirst(),
  ]);
  return found.every((row) => row !== undefined);
}

/** An uploaded file, by the names under which routes ask for it. */
async function makeFile(
  post: (path: string, body: unknown) => Promise<{ fileId: string; previewUrl: string; url: string }>,
  username: string,
) {
  const form = new FormData();
  form.append('file', new Blob([`A blue heron of ${username} on paper.`]), 'note.md');
  const { fileId, previewUrl } = await post('/api/common/file/upload', form);
  const token = new URL(previewUrl).searchParams.get('token') ?? '';
  const { url } = await post('/api/core/dataset/presignDatasetFilePostUrl', { filename: 'note.md' });
  const uploadToken = url.split('/').at(-1) ?? '';
  return { fileId, sourceId: fileId, imageId: fileId, token, uploadToken };
}

/** A collection with a document, which the others do without: it can be made anew, and is another one then. */
async function makeDocument(
  post: (path: string, body: unknown) => Promise<{ collectionId: string }>,
  datasetId: string,
): Promise<string> {
  const body = { datasetId, name: 'document', text: 'Herons stand in shallow water.' };
  return (await post('/api/core/dataset/collection/create/text', body)).collectionId;
}

/** A dataset and an app that can be restored. */
async function makeDeleted(
  server: TestServer,
  post: (path: string, body: unknown) => Promise<string>,
  sessionToken: string,
): Promise<{ deletedDatasetId: string; deletedAppId: string }> {
  const deletedDatasetId = await post('/api/core/dataset/create', { name: 'deleted' });
  const deletedAppId = await post('/api/core/app/create', { name: 'deleted', type: 'folder' });
  for (const path of [
    `/api/core/dataset/delete?id=${deletedDatasetId}`,
    `/api/core/app/del?appId=${deletedAppId}`,
  ]) {
    const answer = await server.call('DELETE', path, { sessionToken });
    if (answer.status !== 200) throw new Error(`${path}: ${answer.text}`);
  }
  return { deletedDatasetId, deletedAppId };
}

/** A second index that nobody works at, so that it changes only by what is asked. */
async function makeRebuild(server: TestServer, { caller }: TestPerson, datasetId: string): Promise<void> {
  await server.app.store.db
    .insertInto('embedding_rebuilds')
    .values({
      id: newId(),
      teamId: caller.teamId,
      datasetId,
      memberId: caller.memberId,
      state: 'comparing',
      switchWhen: 'asked',
      model: 'another',
      dimensions: 3,
      otherModel: 'one',
      otherDimensions: 3,
      refused: 0,
      keepDays: 7,
      createTime: Date.now(),
    })
    .execute();
}

/** Another member of the team, and a picture of them. */
async function makeColleague(
  post: (
    path: string,
    body: unknown,
  ) => Promise<{ invite: { tmbId: string }[]; inTeam: { tmbId: string }[] }>,
  username: string,
) {
  const usernames = [`colleague-of-${username}`.slice(0, 100)];
  const { invite, inTeam } = await post('/api/support/user/team/member/invite', {
    usernames,
    role: 'viewer',
  });
  const tmbId = [...invite, ...inTeam][0]?.tmbId ?? '';
  const base64Img = 'data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7';
  const path = String(await post('/api/common/file/uploadImage', { base64Img }));
  return { tmbId, image: path.split('/').at(-1) ?? '' };
}

/** A saved question, and an evaluation that asks it. */
async function makeQuality(
  post: (path: string, body: unknown) => Promise<{ _id: string }>,
  { datasetId, dataId }: { datasetId: string; dataId: string },
) {
  const question = { datasetId, question: 'Which bird is it?', expectedDataIds: [dataId] };
  const { _id: questionId } = await post('/api/core/dataset/savedQuestion', question);
  const measured = { datasetId, settings: [{ searchMode: 'fullTextRecall' }, {}] };
  const { _id: evaluationId } = await post('/api/core/dataset/evaluate', measured);
  return { questionId, evaluationId };
}

/** A job that never runs, and an item that a model could do nothing with: nobody works on either by itself. */
async function makeQueued(
  server: TestServer,
  collection: { id: string; teamId: string; datasetId: string },
): Promise<{ jobId: string; trainingId: string }> {
  const { teamId, datasetId, id: collectionId } = collection;
  const never = 4_102_444_800_000;
  const job = { kind: 'reindex', teamId, datasetId, collectionId, payload: {}, runTime: never };
  const jobId = await server.app.jobs.enqueue(job);
  const trainingId = newId();
  const q = 'What the blue heron eats.';
  const row = newTrainingRow({ id: trainingId, mode: 'qa', q, collection: { ...collection, memberId: '' } });
  await insertTrainingItems(server.app.store.db, [{ ...row, state: 'failed', retryCount: 0 }]);
  return { jobId, trainingId };
}

/** A model, a channel and a trusted origin, which belong to the installation: made as root, under a name of the team. */
async function makeModelObjects(
  server: TestServer,
  name: string,
): Promise<{ model: string; channelId: string }> {
  const { sessionToken } = server.root;
  const send = async (method: string, path: string, body: unknown) => {
    const answer = await server.call(method, path, { sessionToken, body });
    // A second making of the same team's objects finds them.
    if (answer.status !== 200 && answer.status !== 409) throw new Error(`${path}: ${answer.text}`);
    return answer.json.data;
  };
  const model = `model of ${name}`;
  await send('PUT', '/api/core/ai/model/update', { model, type: 'llm' });
  await send('POST', '/api/core/ai/trustedOrigin', { origin: 'http://10.0.0.5:11434' });
  const channelId: string = await send('POST', '/api/core/ai/channel', {
    name: `channel of ${name}`,
    baseUrl: 'http://10.0.0.5:11434/v1',
  });
  return { model, channelId };
}

interface Ids {
  datasetId: string;
  collectionId: string;
  /** A collection of a link. */
  linkId: string;
  dataId: string;
  indexDataId: string;
  tagId: string;
  appId: string;
  chatId: string;
  keyId: string;
  /** A label of keys. */
  labelId: string;
  jobId: string;
  questionId: string;
  vectorModel: string;
  evaluationId: string;
  webhookId: string;
  fileId: string;
  sourceId: string;
  imageId: string;
  /** Of the link of that file. */
  token: string;
  /** Of the address of an upload that has not begun. */
  uploadToken: string;
  chatItemDataId: string;
  documentId: string;
  tmbId: string;
  /** Last part of the path of an avatar. */
  image: string;
  trainingId: string;
  deletedDatasetId: string;
  deletedAppId: string;
  /** `/v1/models/{model}` takes an app's id, the routes of the registry a model's name. */
  model?: string;
  apiKey?: string;
  channelId?: string;
}

/** What `id` means depends on the resource of the route. */
function inputFor(route: Route, ids: Ids): Record<string, unknown> {
  const { tag, example } = route.endpoint;
  const byTag: Record<string, string> = {
    dataset: ids.datasetId,
    collection: ids.collectionId,
    data: ids.dataId,
    app: ids.appId,
    key: ids.keyId,
    job: ids.jobId,
    webhook: ids.webhookId,
    model: ids.channelId ?? '',
    savedQuestion: ids.questionId,
    evaluation: ids.evaluationId,
  };
  const given = (example?.request ?? {}) as { data?: object };
  const input: Record<string, unknown> = { ...(route.endpoint.multipart ? given.data : given) };
  for (const name of Object.keys(input)) {
    if (name === 'id' && /KeyLabel$/.test(route.operation)) input[name] = ids.labelId;
    else if (name === 'collectionId' && route.operation === 'syncCollection') input[name] = ids.linkId;
    else if (name === 'id' || name === '_id') input[name] = byTag[tag] ?? input[name];
    else if (route.operation === 'getDatasetPaths' && name === 'sourceId') input[name] = ids.datasetId;
    else if (route.operation === 'getAppPath' && name === 'sourceId') input[name] = ids.appId;
    else if (/^(restore|clear)Datasets$/.test(route.operation)) input[name] = [ids.deletedDatasetId];
    else if (/^(restore|clear)Apps$/.test(route.operation)) input[name] = [ids.deletedAppId];
    else if (route.operation === 'getAppBasicInfo' && name === 'ids') input[name] = [ids.appId];
    // In chats `dataId` is the message's own, not a data item's.
    else if (name === 'dataId' && tag === 'history') continue;
    else if (name === 'collectionId' && route.operation === 'reTrainCollection') input[name] = ids.documentId;
    else if (name === 'dataId' && tag === 'training') input[name] = ids.trainingId;
    else if (name === 'token' && /^(uploadBytes|getUpload)$/.test(route.operation))
      input[name] = ids.uploadToken;
    else if (name === 'files') input[name] = [{ fileId: ids.fileId }];
    else if (name in ids) input[name] = ids[name as keyof Ids];
    else if (name === 'members') input[name] = [ids.tmbId];
    else if (name === 'collectionIds') input[name] = [ids.collectionId];
    else if (name === 'expectedDataIds') input[name] = [ids.dataId];
    else if (name === 'datasetIds') input[name] = [ids.datasetId];
    else if (name === 'otherId') input[name] = ids.evaluationId;
    else if (name === 'parentId') delete input[name];
  }
  return input;
}
