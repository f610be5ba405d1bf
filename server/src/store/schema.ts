/*
 * The tables as Kysely sees them. Ids are 24-hex text, times are milliseconds since 1970, booleans are 0 or 1,
 * JSON is text (see json.ts). Every tenant row carries `teamId`, and every query of one takes it.
 */

import type { Generated } from 'kysely';
import type { FileRow, UploadRow } from './file-schema.ts';
import type { MetadataValue } from './metadata-values.ts';
import type { DeletableRow, DeletionRow } from './schema-deletions.ts';
import type { ApiKeyRow, KeyLabelRow } from './schema-keys.ts';
import type { ModelChannelRow, ModelHealthRow, ModelRow, TrustedOriginRow } from './schema-models.ts';
import type { AvatarRow, InformReadRow } from './schema-people.ts';
import type {
  EmbeddingRebuildRow,
  EvaluationResultRow,
  EvaluationRow,
  SavedQuestionRow,
} from './schema-quality.ts';
import type {
  EmbeddingRefusalRow,
  TrainingBillRow,
  TrainingItemRow,
  TrainingUsageRow,
} from './schema-training.ts';
import type { SitePageRow } from './site-schema.ts';

export type { FileRow, UploadRow } from './file-schema.ts';
export type { DeletionRow } from './schema-deletions.ts';
export type { ApiKeyRow, KeyLabelRow } from './schema-keys.ts';
export type { TrainingBillRow, TrainingItemRow, TrainingUsageRow };

type Flag = 0 | 1;

export type {
  EmbeddingRebuildRow,
  EvaluationResultRow,
  EvaluationRow,
  ModelChannelRow,
  ModelHealthRow,
  ModelRow,
  SavedQuestionRow,
  TrustedOriginRow,
};

/** Every table with its row; the migrations make exactly these. */
export interface Database {
  teams: TeamRow;
  users: Omit<UserRow, 'language' | 'contact'> & {
    language: Generated<UserRow['language']>;
    contact: Generated<string>;
  };
  members: MemberRow;
  sessions: SessionRow;
  login_codes: LoginCodeRow;
  login_attempts: LoginAttemptRow;
  api_keys: ApiKeyRow;
  key_labels: KeyLabelRow;
  audit: AuditRow;
  avatars: AvatarRow;
  informs_read: InformReadRow;
  settings: SettingRow;
  deletions: DeletionRow;
  datasets: DatasetRow;
  collections: Omit<CollectionRow, 'ownForbid'> & { ownForbid: Generated<Flag> };
  site_pages: SitePageRow;
  tags: TagRow;
  collection_tags: CollectionTagRow;
  collection_metadata: CollectionMetadataRow;
  data: DataRow;
  data_indexes: DataIndexRow;
  vectors: VectorTable;
  saved_questions: SavedQuestionRow;
  evaluations: EvaluationRow;
  evaluation_results: EvaluationResultRow;
  embedding_rebuilds: EmbeddingRebuildRow;
  files: FileRow;
  uploads: UploadRow;
  apps: AppRow;
  app_versions: AppVersionRow;
  chats: ChatRow;
  chat_items: ChatItemRow;
  runs: RunRow;
  run_events: RunEventRow;
  jobs: JobRow;
  training_items: TrainingItemRow;
  training_usage: TrainingUsageRow;
  training_bills: TrainingBillRow;
  embedding_refusals: EmbeddingRefusalRow;
  webhooks: WebhookRow;
  models: ModelRow;
  model_channels: ModelChannelRow;
  trusted_origins: TrustedOriginRow;
  model_health: ModelHealthRow;
  processes: ProcessRow;
  key_rates: KeyRateRow;
}

export interface TeamRow {
  id: string;
  name: string;
  avatar: string;
  createTime: number;
}
export interface UserRow {
  id: string;
  /** Lower case; unique. */
  username: string;
  /** `$argon2id$…` of the client's SHA-256 hex. */
  passwordHash: string;
  passwordTime: number;
  /** 1 = nothing but changing the password works. */
  mustChange: Flag;
  avatar: string;
  timezone: string;
  /** Of the pages; '' = as the browser asks. */
  language: '' | 'en' | 'zh';
  /** How the managers of the team reach them. */
  contact: string;
  status: 'active' | 'disabled';
  createTime: number;
}
/** What a member may do; the policy table says what each role means. */
export type Role = 'owner' | 'admin' | 'editor' | 'viewer';
export interface MemberRow {
  id: string;
  teamId: string;
  userId: string;
  role: Role;
  name: string;
  status: 'active' | 'left';
  createTime: number;
}
export interface SessionRow {
  id: string;
  /** SHA-256 hex of the token. */
  tokenHash: string;
  userId: string;
  memberId: string;
  teamId: string;
  createTime: number;
  expireTime: number;
}
export interface LoginCodeRow {
  username: string;
  code: string;
  expireTime: number;
}
export interface LoginAttemptRow {
  /** What is counted: an account at an address, or an address alone. */
  bucket: string;
  count: number;
  windowStart: number;
}
export interface AuditRow {
  id: string;
  teamId: string;
  /** Null when the command line did it. */
  memberId: string | null;
  actor: string;
  action: string;
  objectType: string;
  objectId: string;
  /** JSON without secrets. */
  detail: string;
  address: string;
  time: number;
}
export interface SettingRow {
  name: string;
  value: string;
}
export interface DatasetRow extends DeletableRow {
  id: string;
  teamId: string;
  memberId: string;
  parentId: string | null;
  type: string;
  name: string;
  intro: string;
  avatar: string;
  vectorModel: string | null;
  agentModel: string | null;
  vlmModel: string | null;
  /** JSON of chunk settings chosen for new collections. */
  chunkSettings: string | null;
  createTime: number;
  updateTime: number;
  /** Of its vectors; null while it has none. All have the same, made by `vectorModel`. */
  dimensions: number | null;
  /** The most that its vectors may count in a hybrid search without making it worse; null = not measured yet. */
  bestEmbeddingWeight: number | null;
  /** How many items were embedded when that was measured. */
  calibratedItems: number | null;
  /** JSON: address and selector of a website; null = none. */
  websiteConfig: string | null;
  /** JSON: `baseUrl` and `basePath` of another system's files; null = none. */
  apiServer: string | null;
  /** Sealed for `dataset:<id>`. */
  apiAuthorization: string | null;
  /** 1 = synchronised every day. */
  autoSync: number | null;
}
export interface CollectionRow extends DeletableRow {
  id: string;
  teamId: string;
  datasetId: string;
  memberId: string;
  parentId: string | null;
  type: 'folder' | 'virtual' | 'file' | 'link' | 'externalFile' | 'apiFile' | 'images';
  name: string;
  trainingType: string;
  /** JSON of the creation parameters (chunk settings, titles, prompts). */
  params: string;
  fileId: string | null;
  rawLink: string | null;
  externalFileId: string | null;
  /** Where a file of type `externalFile` was fetched. */
  externalFileUrl: string | null;
  /** The file's id in the system that an `apiFile` comes from. */
  apiFileId: string | null;
  /** The caller's own id of a document that is kept in step; unique in its dataset. */
  externalId: string | null;
  /** SHA-256 hex of what the caller sent under that id, settings included. */
  contentHash: string | null;
  /** SHA-256 hex of the raw text. */
  hash: string | null;
  rawTextLength: number | null;
  /** Searches leave it out: by its own flag, or by that of a folder it lies in. */
  forbid: Flag;
  /** What was asked for itself; `forbid` follows from it and from the folders. */
  ownForbid: Flag;
  /** JSON. */
  metadata: string;
  createTime: number;
  updateTime: number;
}
/** A name that collections of its dataset can be filtered by; there is one of a name in a dataset. */
export interface TagRow {
  id: string;
  teamId: string;
  datasetId: string;
  name: string;
  createTime: number;
}
/** Goes with its collection and with its tag. */
export interface CollectionTagRow {
  collectionId: string;
  tagId: string;
}
/** A value of a collection's metadata, for filters. Goes with its collection. */
export interface CollectionMetadataRow extends MetadataValue {
  collectionId: string;
  /** Tells the values of one collection apart. */
  place: number;
  datasetId: string;
}
export interface DataRow {
  id: string;
  teamId: string;
  datasetId: string;
  collectionId: string;
  memberId: string;
  q: string;
  a: string;
  /** JSON: heading path, outermost first. */
  headings: string;
  chunkIndex: number;
  /** Of q and a. */
  tokens: number;
  /** SHA-256 hex of q and a, to find repeats in a collection. */
  hash: string;
  /** The caller's own id of the item; unique in its collection. */
  externalId: string | null;
  imageId: string | null;
  /** JSON: Position in its document; null = it has none. */
  position: string | null;
  createTime: number;
  updateTime: number;
  /** Who changed it last; null = nobody has since it was made, or the server itself did. */
  updateMemberId: string | null;
  /** Which model made its vectors; null = some are still to be made. */
  vectorModel: string | null;
  /** JSON: { q, a, updateTime }[], what q and a were before, latest first; null = they never changed. */
  history: string | null;
}
export interface DataIndexRow {
  id: string;
  teamId: string;
  datasetId: string;
  dataId: string;
  type: 'default' | 'custom' | 'summary' | 'question' | 'image';
  text: string;
}
/** One vector of a data item; an item has several when it has several texts, or a long one. */
interface VectorTable {
  /** Grows and is never used twice. */
  seq: Generated<number>;
  teamId: string;
  datasetId: string;
  collectionId: string;
  dataId: string;
  /** Which text it stands for: `q`, `a`, or the id of a row of `data_indexes`. */
  part: string;
  model: string;
  dimensions: number;
  /** float32, little endian, of length 1 (or all zero). */
  vector: Uint8Array;
}
/** With its keys, versions and chats, which are gone with it. */
export interface AppRow extends DeletableRow {
  id: string;
  teamId: string;
  memberId: string;
  parentId: string | null;
  type: string;
  name: string;
  intro: string;
  avatar: string;
  /** JSON: the draft. */
  nodes: string;
  edges: string;
  chatConfig: string;
  /** JSON of AppFacts of the draft, for lists; absent = not worked out since the draft was last written. */
  facts: string | null;
  /** The version that runs; absent = the draft runs. */
  publishedVersionId: string | null;
  createTime: number;
  updateTime: number;
  /** Who changed it last; null = nobody has since it was made, or the server itself did. */
  updateMemberId: string | null;
}
export interface AppVersionRow {
  id: string;
  teamId: string;
  appId: string;
  memberId: string;
  name: string;
  nodes: string;
  edges: string;
  chatConfig: string;
  isPublish: Flag;
  time: number;
}
export interface ChatRow {
  /** The row's own id; `chatId` is the caller's and unique per (team, app, end user) only. */
  id: string;
  teamId: string;
  appId: string;
  chatId: string;
  memberId: string;
  /** The end user; '' = nobody named. */
  customUid: string;
  keyId: string | null;
  source: string;
  sourceName: string;
  title: string;
  customTitle: string | null;
  top: Flag;
  /** JSON. */
  variables: string;
  metadata: string;
  createTime: number;
  updateTime: number;
}
export interface ChatItemRow {
  id: string;
  teamId: string;
  appId: string;
  chatRowId: string;
  dataId: string;
  obj: 'Human' | 'AI' | 'System';
  /** JSON: value items (spec 2.6). */
  value: string;
  /** The run that made an AI item. */
  runId: string | null;
  time: number;
  durationSeconds: number | null;
  errorMsg: string | null;
  userGoodFeedback: string | null;
  userBadFeedback: string | null;
  /** JSON: string[]. */
  customFeedbacks: string;
}
export interface RunRow {
  id: string;
  teamId: string;
  appId: string;
  chatRowId: string;
  versionId: string | null;
  memberId: string;
  keyId: string | null;
  /** `dataId` of the AI item. */
  dataId: string;
  status: 'running' | 'done' | 'failed' | 'interrupted' | 'stopped';
  /** Which server process runs it; a run of a process that is gone was interrupted. */
  owner: string;
  model: string;
  inputTokens: number;
  outputTokens: number;
  estimated: Flag;
  points: number;
  /** JSON: NodeResponse[] with quotes reduced as stored (spec 2.2). */
  responseData: string;
  /** Name of the catalogue, when it failed. */
  error: string | null;
  startTime: number;
  endTime: number | null;
}
export interface RunEventRow {
  runId: string;
  seq: number;
  /** JSON: RunEvent[] that were flushed together. */
  events: string;
  time: number;
}
export interface JobRow {
  id: string;
  teamId: string;
  kind: string;
  /** JSON. */
  payload: string;
  state: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';
  datasetId: string | null;
  collectionId: string | null;
  /** fetch, parse, chunk, write, embed. */
  stage: string;
  /** 0 to 100. */
  percent: number;
  /** JSON: counts by name. */
  counts: string;
  attempts: number;
  maxAttempts: number;
  /** How often a process ended that ran it, since it last got on. */
  interruptions: number;
  /** Not before this time. */
  runTime: number;
  leaseTime: number | null;
  leaseOwner: string | null;
  /** Name of the catalogue and its text in both languages, as JSON. */
  error: string | null;
  /** Whose fault: file, model, limit, bug. */
  cause: string | null;
  createTime: number;
  updateTime: number;
  /** JSON: Speed of the last seconds, while it runs. */
  speed: string | null;
  /** When it first ran; null = not yet, or it begins anew. */
  startTime: number | null;
  /** When it was done, failed for good or was cancelled. */
  endTime: number | null;
}
/** An address that is told when a job ends. */
export interface WebhookRow {
  id: string;
  teamId: string;
  memberId: string;
  /** Null = it hears of every job of the team. */
  datasetId: string | null;
  url: string;
  /** Sealed for `webhook:<id>`. */
  secret: string;
  /** JSON: the states it hears of. */
  states: string;
  /** The language of what it is told. */
  lang: 'en' | 'zh';
  createTime: number;
  /** Of the last delivery, null before it. */
  deliveryTime: number | null;
  deliveryOk: Flag | null;
  /** JSON: why it failed, in both languages. */
  deliveryText: string | null;
}
/** A server process on a shared store; the embedded store has one server, which is not entered here. */
export interface ProcessRow {
  /** The `owner` of its runs and jobs. */
  id: string;
  /** By the store's clock, as `heartbeatTime`. */
  startTime: number;
  heartbeatTime: number;
  host: string;
  pid: number;
  /** Where it answers; '' before it listens. */
  address: string;
  version: string;
}
/** Requests with a key in its current minute, where several processes count them together. */
export interface KeyRateRow {
  keyId: string;
  count: number;
  /** By the store's clock. */
  windowStart: number;
}
