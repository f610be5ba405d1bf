import type { Readable } from 'node:stream';
import type { Config } from '../config.ts';
import type { Embedding } from '../jobs/embedding.ts';
import type { JobQueue } from '../jobs/job.ts';
import type { Training } from '../jobs/training/training.ts';
import type { Logger } from '../kernel/logger.ts';
import type { Metrics } from '../kernel/metrics.ts';
import type { Outbound } from '../kernel/outbound.ts';
import type { Guard } from '../kernel/outbound-guard.ts';
import type { SecretBox } from '../kernel/secret-box.ts';
import type { TokenSigner } from '../kernel/signed-token.ts';
import type { ModelRegistry } from '../models/ports.ts';
import type { DocumentParser, SearchService, TextIndex, VectorIndex } from '../retrieval/ports.ts';
import type { BlobStore } from '../store/blobs.ts';
import type { Store } from '../store/ports.ts';
import type { ServerProcesses } from '../store/processes.ts';
import type { Role } from '../store/schema.ts';
import type { RunRegistry } from './chats/registry.ts';
import type { Readiness } from './health/readiness.ts';
import type { JobFeed } from './jobs/feed.ts';
import type { KeyUsage } from './keys/usage.ts';
import type { ModelHealth } from './models/health.ts';
import type { LiveModels } from './models/live-models.ts';

/** Everything the domain works with, built once in main.ts and handed down. Functions take `Pick<App, …>`. */
export interface App {
  config: Config;
  log: Logger;
  store: Store;
  processes: ServerProcesses;
  /** Folder of this process for files that nobody needs after it. */
  tempDir: string;
  blobs: BlobStore;
  models: ModelRegistry;
  /** Keeps `models` at what the store says. */
  liveModels: LiveModels;
  modelHealth: ModelHealth;
  /** Checks every address that came from a user, and counts what it refused. */
  guard: Guard;
  /** The same for model calls, which may reach what root trusts for them. */
  modelGuard: Guard;
  /** Fetches from addresses that came from a user, through that check. */
  outbound: Outbound;
  /** Seals what has to be sent again, such as credentials of channels. */
  secrets: SecretBox;
  /** Makes and reads links that expire. */
  tokens: TokenSigner;
  textIndex: TextIndex;
  vectorIndex: VectorIndex;
  search: SearchService;
  parser: DocumentParser;
  jobs: JobQueue;
  jobFeed: JobFeed;
  embedding: Embedding;
  training: Training;
  keyUsage: KeyUsage;
  runs: RunRegistry;
  metrics: Metrics;
  readiness: Readiness;
}

/** Who is calling, after authentication. `public` routes get `null`. */
export type Caller = KeyCaller | SessionCaller;

interface MemberCaller {
  teamId: string;
  memberId: string;
  userId: string;
  role: Role;
  /** For the audit log and chats: the member's name. */
  name: string;
  /** Where the request came from, for the audit log. */
  address?: string;
  /** The command line acts in the member's place; the audit log says so. */
  commandLine?: true;
}

/** A program with an API key; it acts as the member who made the key. */
export interface KeyCaller extends MemberCaller {
  kind: 'global' | 'app';
  keyId: string;
  keyName: string;
  /** The app of an app key. */
  appId?: string;
  /** A global key sent as `<key>-<appId>`. */
  suffixAppId?: string;
  scopes: string[];
}

/** A person who logged in. */
export interface SessionCaller extends MemberCaller {
  kind: 'session';
  sessionId: string;
  mustChangePassword: boolean;
}

/** What a handler knows of its request besides the parsed input. */
export interface RequestContext {
  app: App;
  requestId: string;
  lang: 'en' | 'zh';
  /** Aborted when the caller leaves or the server's patience ends. */
  signal: AbortSignal;
  address: string;
  /** Puts a text beside the data of an answer (`message`): why it is not what was hoped for. */
  say(message: string): void;
  /** Sets (or with null clears) the session cookie on the answer. */
  setSessionCookie(token: string | null): void;
  /** Raw session token of this request, for logout. */
  sessionToken: string | undefined;
  /** Uploaded files of a multipart route, streamed to temporary files that vanish after the request. */
  files: UploadedFile[];
  /** The operation id of the endpoint being served. */
  operation: string;
  /** `http(s)://host:port` as the caller reached it. */
  origin: string;
  /** What was sent as `Authorization: Bearer …`, for a route with a token of its own. */
  bearer: string | undefined;
  /** The body of a route that takes a file as it is. */
  bytes: Readable;
  /** The header `Content-Range`: which part of a file the body is. */
  contentRange: string | undefined;
  /** The header `Range`: which part of a file is wanted. */
  range: string | undefined;
  /** The header `Accept`. */
  accept: string;
  /** The header `Last-Event-ID` of a listener who comes back. */
  lastEventId: string | undefined;
  /** The caller is a program on this machine: it connected to a loopback address, past no proxy, from no web page. */
  local: boolean;
}

/** A file of a multipart request on its way in. */
export interface UploadedFile {
  /** As the user named it (percent-decoded): metadata only, never part of a path. */
  name: string;
  contentType: string;
  /** The temporary file; move or copy it before the handler returns. */
  path: string;
  /** Bytes. */
  size: number;
  /** SHA-256 hex. */
  hash: string;
}
