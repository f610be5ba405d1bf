import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Client, createClient } from '@lectern/contract/client.ts';
import { contract } from '@lectern/contract/contract.ts';
import { type Composed, compose } from '../compose.ts';
import { loadConfig } from '../config.ts';
import type { App, Caller } from '../domain/context.ts';
import { createKey, type NewKey } from '../domain/keys/create-key.ts';
import { insertMember, insertTeam, insertUser } from '../domain/users/create-user.ts';
import { ensureRoot } from '../domain/users/ensure-root.ts';
import { memberCaller } from '../domain/users/member-caller.ts';
import { clientHash, hashPassword } from '../domain/users/password.ts';
import type { TrainOptions } from '../jobs/training/train-dataset.ts';
import { createLogger } from '../kernel/logger.ts';
import type { GuardOptions } from '../kernel/outbound-guard.ts';
import type { Role } from '../store/schema.ts';
import { type Outside, startOutside } from './outside.ts';
import { createTestDatabase, type TestDatabase } from './test-store.ts';

/** A person of a test: their caller for domain functions, and a session token for routes (header `token`). */
export interface TestPerson {
  caller: Caller;
  username: string;
  password: string;
  sessionToken: string;
}

/** A whole server on a free port of loopback with a directory of its own, as a user would start it. */
export interface TestServer {
  url: string;
  app: App;
  dataDir: string;
  root: TestPerson;
  /** A key of root's member (or the given person's), in plain text. */
  createKey(input?: NewKey, as?: TestPerson): Promise<string>;
  /** Another team with an owner of its own. */
  createTeam(name: string): Promise<TestPerson>;
  /** Another member of root's team. */
  createMember(username: string, role: Role): Promise<TestPerson>;
  /** The typed client, with a key or a session. */
  client(credential: { key?: string; sessionToken?: string }): Client<typeof contract>;
  /** A plain request: JSON body in, status, headers and JSON (or text) out. */
  call(method: string, path: string, options?: CallOptions): Promise<CallAnswer>;
  /** Every `METHOD /path` that the HTTP server answers, HEAD and OPTIONS left out. */
  served(): string[];
  /** Stops the server as SIGTERM does; its directory stays. */
  stop(): Promise<void>;
  /** Stops and removes everything. */
  close(): Promise<void>;
}

interface CallOptions {
  key?: string;
  sessionToken?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

interface CallAnswer {
  status: number;
  headers: Headers;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look at answers as a client without types does
  json: any;
}

/** Starts a server in this process. Every answer is checked against its declared schema. */
export async function startTestServer(
  env: Record<string, string> = {},
  options: { guard?: GuardOptions; trainOptions?: TrainOptions } = {},
): Promise<TestServer> {
  const dataDir = env.DATA_DIR ?? (await mkdtemp(join(tmpdir(), 'lectern-test-')));
  const database = await createTestDatabase();
  const config = loadConfig({
    DATA_DIR: dataDir,
    PORT: '0',
    OLLAMA_URL: 'off',
    LOG_LEVEL: 'silent',
    ...(database !== null && { DATABASE_URL: database.url, DATABASE_POOL_SIZE: '5' }),
    SHUTDOWN_SECONDS: '2',
    DEFAULT_ROOT_PSW: 'correct horse battery',
    ...env,
  });
  const outside = options.guard ? undefined : await startOutside();
  const guard = options.guard ?? outside?.guard ?? {};
  const composed = await compose(config, createLogger(config.logLevel), {
    ...options,
    checkResponses: true,
    guard,
  });
  const rootAccount = await ensureRoot(composed.app);
  await composed.http.listen({ port: 0, host: '127.0.0.1' });
  const address = composed.http.server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  return toServer(
    composed,
    url,
    { dataDir, database, outside },
    rootAccount.caller,
    env.DEFAULT_ROOT_PSW ?? 'correct horse battery',
  );
}

async function toServer(
  composed: Composed,
  url: string,
  { dataDir, database, outside }: { dataDir: string; database: TestDatabase | null; outside?: Outside },
  rootCaller: Caller,
  rootPassword: string,
): Promise<TestServer> {
  const { app } = composed;
  const call = (method: string, path: string, options?: CallOptions) => request(url + path, method, options);
  const login = async (username: string, password: string): Promise<string> => {
    const { json } = await call(
      'GET',
      `/api/support/user/account/preLogin?username=${encodeURIComponent(username)}`,
    );
    const body = { username, password: clientHash(password), code: json.data.code };
    const answer = await call('POST', '/api/support/user/account/loginByPassword', { body });
    if (answer.status !== 200) throw new Error(`login of ${username} failed: ${answer.text}`);
    return answer.json.data.token;
  };
  const person = async (username: string, password: string, caller: Caller): Promise<TestPerson> => ({
    caller,
    username,
    password,
    sessionToken: await login(username, password),
  });
  let stopped: Promise<void> | undefined;
  const stop = () => {
    stopped ??= composed.close();
    return stopped;
  };
  const root = await person('root', rootPassword, rootCaller);
  const newPerson = async (username: string, role: Role, team: { id: string } | { name: string }) => {
    const password = `password of ${username}`;
    const { db } = app.store;
    const passwordHash = await hashPassword(clientHash(password));
    const userId = await insertUser(db, { username, passwordHash });
    const teamId = 'id' in team ? team.id : await insertTeam(db, team.name);
    await insertMember(db, { teamId, userId, role, name: username });
    const caller = await memberCaller(db, { username });
    if (!caller) throw new Error(`no member ${username}`);
    return person(username, password, caller);
  };
  return {
    url,
    app,
    dataDir,
    root,
    call,
    createKey: (input = {}, as = root) => createKey(app, as.caller, input),
    createTeam: (name) => newPerson(`owner-of-${name}`, 'owner', { name }),
    createMember: (username, role) => newPerson(username, role, { id: root.caller.teamId }),
    client: (credential) =>
      createClient(contract, {
        baseUrl: url,
        ...(credential.key !== undefined && { key: credential.key }),
        ...(credential.sessionToken !== undefined && { sessionToken: credential.sessionToken }),
      }),
    served: () => composed.served,
    stop,
    async close() {
      await stop();
      await outside?.close();
      await database?.drop();
      await rm(dataDir, { recursive: true, force: true });
      await rm(`${dataDir}-backups`, { recursive: true, force: true });
    },
  };
}

async function request(url: string, method: string, options: CallOptions = {}): Promise<CallAnswer> {
  const headers: Record<string, string> = { ...options.headers };
  if (options.key !== undefined) headers.authorization = `Bearer ${options.key}`;
  if (options.sessionToken !== undefined) headers.token = options.sessionToken;
  const isForm = options.body instanceof FormData;
  if (options.body !== undefined && !isForm) headers['content-type'] ??= 'application/json';
  const body = options.body === undefined ? null : isForm ? (options.body as FormData) : asText(options.body);
  const response = await fetch(url, { method, headers, body });
  const text = await response.text();
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  return { status: response.status, headers: response.headers, text, json };
}

const asText = (body: unknown) => (typeof body === 'string' ? body : JSON.stringify(body));
