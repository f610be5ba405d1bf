import { contract } from '@lectern/contract/contract.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Role } from '../store/schema.ts';
import { makeTeamObjects, type TeamObjects } from '../testing/objects.ts';
import { send } from '../testing/send.ts';
import { startTestServer, type TestPerson, type TestServer } from '../testing/server.ts';
import { type Route, routesOf } from './routes.ts';

/*
 * What each role may do, route by route, with the objects of the team's owner. A route that takes sessions and is not
 * in the table fails: nobody can add one without saying who may call it.
 */

/** `root` is the user of that name and nobody else. */
const least: Record<string, Role | 'root'> = {
  createChatCompletion: 'viewer',
  createChatCompletionV2: 'viewer',
  testChat: 'editor',
  resumeChat: 'viewer',
  stopChat: 'viewer',
  deleteRecord: 'viewer',
  updateUserFeedback: 'viewer',
  listRecentlyUsed: 'viewer',
  readAnswerPicture: 'viewer',
  listModels: 'viewer',
  getModel: 'viewer',
  initChat: 'viewer',
  listChats: 'viewer',
  listRecords: 'viewer',
  getResponseData: 'viewer',
  updateChat: 'viewer',
  deleteChat: 'viewer',
  clearChats: 'viewer',
  listDatasets: 'viewer',
  getDataset: 'viewer',
  listCollections: 'viewer',
  listCollectionsOld: 'viewer',
  scrollCollections: 'viewer',
  listTags: 'viewer',
  getAllTags: 'viewer',
  tagUsage: 'viewer',
  getCollection: 'viewer',
  getTrainingDetail: 'viewer',
  getTrainingError: 'viewer',
  getTrainingDataDetail: 'viewer',
  getDatasetTrainingQueue: 'viewer',
  getQueueLen: 'viewer',
  unlockTask: 'viewer',
  listJobs: 'viewer',
  getJob: 'viewer',
  streamJobs: 'viewer',
  listData: 'viewer',
  getData: 'viewer',
  searchTest: 'viewer',
  listApps: 'viewer',
  getApp: 'viewer',
  listKeys: 'viewer',
  tokenLogin: 'viewer',
  checkPswExpired: 'viewer',
  getInitData: 'viewer',
  updateAccount: 'viewer',
  updateContact: 'viewer',
  listMembers: 'viewer',
  countMembers: 'viewer',
  getTeamPlanStatus: 'viewer',
  listInforms: 'viewer',
  readInform: 'viewer',
  uploadImage: 'viewer',
  presignAvatar: 'viewer',
  getMyModels: 'viewer',
  readCollection: 'viewer',
  exportCollection: 'viewer',
  exportDataset: 'viewer',
  checkDatasetSize: 'viewer',
  checkDatasetExport: 'viewer',
  checkWebSync: 'viewer',
  listDataOld: 'viewer',
  getQuoteData: 'viewer',
  getDataPermission: 'viewer',
  getCollectionPaths: 'viewer',
  createTrainingUsage: 'editor',
  presignDatasetFile: 'editor',
  createDatasetWithFiles: 'editor',
  createImageCollection: 'editor',
  insertImages: 'editor',
  createBackupCollection: 'editor',
  createTemplateCollection: 'editor',
  reTrainCollection: 'editor',
  // Into a chat; documents need an editor.
  uploadFile: 'viewer',
  parseFile: 'editor',
  getPreviewChunks: 'editor',
  createFileIdCollection: 'editor',
  createDataset: 'editor',
  updateDataset: 'editor',
  createCollection: 'editor',
  createTextCollection: 'editor',
  createFileCollection: 'editor',
  createLinkCollection: 'editor',
  upsertItem: 'editor',
  syncCollection: 'editor',
  syncDataset: 'editor',
  urlFetch: 'editor',
  listApiFiles: 'viewer',
  listExistingApiFiles: 'viewer',
  getApiPathNames: 'viewer',
  getApiCatalog: 'editor',
  createApiCollection: 'editor',
  createApiCollections: 'editor',
  getItem: 'viewer',
  deleteItem: 'editor',
  listItems: 'viewer',
  pruneItems: 'editor',
  createExternalFileCollection: 'editor',
  updateCollection: 'editor',
  updateCollections: 'editor',
  retryCollections: 'editor',
  listCollectionIds: 'viewer',
  deleteCollection: 'editor',
  getDatasetPaths: 'viewer',
  getDatasetUsage: 'viewer',
  createDatasetFolder: 'editor',
  moveDatasets: 'editor',
  makeArchive: 'editor',
  listArchives: 'editor',
  importArchive: 'editor',
  createTag: 'editor',
  addTagToCollections: 'editor',
  updateTag: 'editor',
  deleteTag: 'editor',
  pushData: 'editor',
  updateTrainingData: 'editor',
  deleteTrainingData: 'editor',
  retryJob: 'editor',
  cancelJob: 'editor',
  updateData: 'editor',
  deleteData: 'editor',
  listSavedQuestions: 'viewer',
  createSavedQuestion: 'editor',
  updateSavedQuestion: 'editor',
  deleteSavedQuestion: 'editor',
  importSavedQuestions: 'editor',
  uploadSavedQuestions: 'editor',
  saveRatedQuestion: 'editor',
  evaluate: 'editor',
  listEvaluations: 'viewer',
  getEvaluation: 'viewer',
  compareEvaluations: 'viewer',
  deleteEvaluation: 'editor',
  getEmbeddingRebuild: 'viewer',
  insertData: 'editor',
  createDataIndex: 'editor',
  updateDataIndex: 'editor',
  deleteDataIndex: 'editor',
  getAppPath: 'viewer',
  getAppBasicInfo: 'viewer',
  getAppContents: 'viewer',
  listDeletedDatasets: 'editor',
  restoreDatasets: 'editor',
  clearDatasets: 'editor',
  listDeletedApps: 'editor',
  restoreApps: 'editor',
  clearApps: 'editor',
  listKeyLabels: 'viewer',
  copyApp: 'editor',
  createAppFolder: 'editor',
  optimizePrompt: 'editor',
  createKeyLabel: 'editor',
  updateKeyLabel: 'editor',
  deleteKeyLabel: 'editor',
  createApp: 'editor',
  updateApp: 'editor',
  publishApp: 'editor',
  listLogs: 'editor',
  createKey: 'editor',
  // Of somebody else.
  deleteDataset: 'admin',
  deleteDatasets: 'admin',
  deleteApp: 'admin',
  rebuildEmbedding: 'admin',
  updateEmbeddingRebuild: 'admin',
  updateKey: 'admin',
  // It acts as who made it: nobody else reads its new string.
  rotateKey: 'root',
  // Refused to all; to whom the key is not theirs, with that reason.
  copyKey: 'admin',
  deleteKey: 'admin',
  inviteMembers: 'admin',
  updateMemberRights: 'admin',
  updateMemberName: 'admin',
  resetMemberPassword: 'admin',
  removeMember: 'admin',
  restoreMember: 'admin',
  updateTeam: 'admin',
  listAudit: 'admin',
  listWebhooks: 'admin',
  createWebhook: 'admin',
  testWebhook: 'admin',
  deleteWebhook: 'admin',
  // Of the installation, as members of root's team.
  listAllModels: 'admin',
  getModelDetail: 'admin',
  saveModel: 'admin',
  deleteModel: 'admin',
  testModel: 'admin',
  updateDefaultModels: 'admin',
  getModelConfig: 'admin',
  setModelConfig: 'admin',
  getModelPresets: 'admin',
  getModelHealth: 'admin',
  listChannels: 'admin',
  createChannel: 'admin',
  updateChannel: 'admin',
  deleteChannel: 'admin',
  listTrustedOrigins: 'admin',
  findProviderModels: 'admin',
  getSystemStatus: 'admin',
  addTrustedOrigin: 'root',
  deleteTrustedOrigin: 'root',
  listBackups: 'root',
  makeBackup: 'root',
  deleteBackup: 'root',
  linkBackup: 'root',
  stageRestore: 'root',
  cancelRestore: 'root',
};
/** About the caller's own account, and shown in the tests of accounts. */
const ownAccount = new Set(['updatePasswordByOld', 'resetExpiredPsw', 'updateMyName', 'leaveTeam']);

const roles: Role[] = ['viewer', 'editor', 'admin', 'owner'];
const rank = (role: Role | 'root' | undefined) =>
  role === undefined ? -1 : role === 'root' ? roles.length : roles.indexOf(role);
const unknownId = 'ffffffffffffffffffffffff';

let server: TestServer;
let ours: TeamObjects;
const people = new Map<Role, TestPerson>();
beforeAll(async () => {
  server = await startTestServer();
  ours = await makeTeamObjects(server, server.root);
  for (const role of roles) people.set(role, await server.createMember(`a-${role}`, role));
}, 60_000);
afterAll(() => server.close());

const routes = routesOf(contract).filter(
  ({ endpoint, operation }) => endpoint.callers.includes('session') && !ownAccount.has(operation),
);
const title = ({ method, path, operation }: Route) => `${method} ${path} (${operation})`;
const sessionOf = (role: Role) => ({ sessionToken: people.get(role)?.sessionToken ?? '' });

/** Nothing of the team, so that what is allowed changes nothing that the next test needs. */
function withUnknownIds(input: Record<string, unknown>): Record<string, unknown> {
  return JSON.parse(JSON.stringify(input).replaceAll(/"[0-9a-f]{24}"/g, `"${unknownId}"`));
}

test('every route that takes sessions says which role it needs', () => {
  const missing = routes.filter(({ operation }) => least[operation] === undefined);
  expect(missing.map(title)).toEqual([]);
});

describe.each(roles)('as %s', (role) => {
  const forbidden = routes.filter(({ operation }) => rank(role) < rank(least[operation]));
  const allowed = routes.filter(({ operation }) => rank(role) >= rank(least[operation]));
  if (forbidden.length > 0) {
    test.each(forbidden.map((r) => [title(r), r] as const))('%s is refused', async (_title, route) => {
      const answer = await send(server, route, ours.input(route), sessionOf(role));
      expect(answer.status, answer.text).toBe(403);
      expect(['unAuthTeam', 'unAuthApp', 'openapiUnAuth']).toContain(answer.json.statusText);
      expect(await ours.stillThere()).toBe(true);
    });
  }
  test.each(allowed.map((r) => [title(r), r] as const))('%s is not refused', async (_title, route) => {
    const answer = await send(server, route, withUnknownIds(ours.input(route)), sessionOf(role));
    expect([200, 400, 404, 409], answer.text).toContain(answer.status);
  });
});
