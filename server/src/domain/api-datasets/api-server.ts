import { z } from 'zod';
import { fail } from '../../kernel/errors.ts';
import { fromJson } from '../../store/json.ts';
import type { DatasetRow } from '../../store/schema.ts';
import type { App } from '../context.ts';
import { requireDataset } from '../datasets/queries.ts';
import { requireSuccess } from '../web/fetch-document.ts';

/** Another system that offers its files under FastGPT's contract for API datasets (spec 2.10). */
export interface ApiServer {
  baseUrl: string;
  authorization: string;
  /** Where its files begin; '' = at its root. */
  basePath: string;
}

const scalar = z.union([z.string(), z.number()]).transform(String);
const optional = <T extends z.ZodType>(inner: T) => z.preprocess((v) => v ?? undefined, inner.optional());

const fileItem = z.object({
  id: scalar,
  parentId: z.preprocess((v) => v || null, z.union([z.null(), scalar])),
  name: z.preprocess((v) => (typeof v === 'string' ? v : String(v ?? '')), z.string()),
  type: z.preprocess((v) => (v === 'folder' ? 'folder' : 'file'), z.enum(['file', 'folder'])),
  hasChild: optional(z.boolean()),
  createTime: optional(scalar),
  updateTime: optional(scalar),
});

/** A file or folder of such a system. */
export type ApiFile = z.output<typeof fileItem>;

const content = z.object({
  title: optional(z.string()),
  content: optional(z.string()),
  previewUrl: optional(z.string()),
});

/** Only what a browser opens as a page: the address is shown as a link. */
const address = z.object({ url: z.url({ protocol: /^https?$/ }) });

const envelope = z.object({ success: z.boolean(), message: optional(z.string()), data: z.unknown() });

const timeoutMs = 60_000;
/** Longest answer: as long as a text that is sent to this server may be. */
const maxBytes = 10 << 20;

/** What stands for the files at the top in the lists of newer programs. */
export const systemRoot = 'SystemRoot';

type ApiApp = Pick<App, 'outbound'>;

/** What a folder holds, or all files whose name fits; `parentId` null is where its files begin. */
export async function listApiFiles(
  app: ApiApp,
  server: ApiServer,
  where: { parentId?: string | null | undefined; searchKey?: string | undefined; signal?: AbortSignal },
): Promise<ApiFile[]> {
  const parentId =
    !where.parentId || where.parentId === systemRoot ? server.basePath || null : where.parentId;
  const body = { parentId, searchKey: where.searchKey ?? '' };
  return await ask(app, server, '/v1/file/list', z.array(fileItem), { body, signal: where.signal });
}

/** The text of a file, or the address where it can be fetched. */
export function getApiContent(app: ApiApp, server: ApiServer, id: string, signal?: AbortSignal) {
  return ask(app, server, `/v1/file/content?id=${encodeURIComponent(id)}`, content, { signal });
}

/** Where a person can read the file in the other system. */
export function getApiAddress(app: ApiApp, server: ApiServer, id: string, signal?: AbortSignal) {
  return ask(app, server, `/v1/file/read?id=${encodeURIComponent(id)}`, address, { signal });
}

/** One file or folder. */
export function getApiFile(app: ApiApp, server: ApiServer, id: string, signal?: AbortSignal) {
  return ask(app, server, `/v1/file/detail?id=${encodeURIComponent(id)}`, fileItem, { signal });
}

async function ask<T extends z.ZodType>(
  app: ApiApp,
  server: ApiServer,
  path: string,
  schema: T,
  { body, signal }: { body?: object; signal?: AbortSignal | undefined },
): Promise<z.output<T>> {
  const answer = await app.outbound.fetch(server.baseUrl + path, {
    timeoutMs,
    maxBytes,
    ...(signal && { signal }),
    ...(body && { method: 'POST' as const, body: JSON.stringify(body) }),
    headers: {
      accept: 'application/json',
      ...(body && { 'content-type': 'application/json' }),
      ...(server.authorization !== '' && { authorization: `Bearer ${server.authorization}` }),
    },
  });
  requireSuccess(answer);
  const read = envelope.safeParse(asJson(answer.body.toString()));
  if (!read.success) throw apiServerFailed(notTheContract);
  if (!read.data.success) throw apiServerFailed((read.data.message ?? '').slice(0, 500) || 'success: false');
  const data = schema.safeParse(read.data.data);
  if (!data.success) throw apiServerFailed(notTheContract);
  return data.data;
}

const notTheContract = {
  en: 'its answer is not that of an API dataset server ({success, message, data})',
  zh: '其返回不符合 API 知识库的约定（{success, message, data}）',
};

const apiServerFailed = (details: string | typeof notTheContract) =>
  fail('apiServerFailed', { params: { details } });

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What a credential of a dataset's server is sealed for. */
export const datasetPlace = (id: string) => `dataset:${id}`;

/** The server of a dataset; noApiServer when it has none. */
export function apiServerOf(
  app: Pick<App, 'secrets'>,
  row: Pick<DatasetRow, 'id' | 'apiServer' | 'apiAuthorization'>,
): ApiServer {
  const stored = fromJson<{ baseUrl: string; basePath: string } | null>(row.apiServer, null);
  if (!stored) throw fail('noApiServer');
  const sealed = row.apiAuthorization;
  const authorization = sealed === null ? '' : app.secrets.open(sealed, datasetPlace(row.id));
  if (authorization === undefined) throw fail('secretsUnreadable');
  return { ...stored, authorization };
}

/** The same by the id of the dataset. */
export async function requireApiServer(
  app: Pick<App, 'store' | 'secrets'>,
  teamId: string,
  datasetId: string,
): Promise<ApiServer> {
  return apiServerOf(app, await requireDataset(app.store.db, teamId, datasetId));
}
