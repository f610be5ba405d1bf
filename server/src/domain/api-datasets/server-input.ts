import type { apiDatasetServer } from '@lectern/contract/source-fields.ts';
import type { z } from 'zod';
import { fail } from '../../kernel/errors.ts';
import { fromJson, toJson } from '../../store/json.ts';
import type { DatasetRow } from '../../store/schema.ts';
import type { App } from '../context.ts';
import { invalid } from '../models/address.ts';
import { checkedWebAddress } from '../web/address.ts';
import { type ApiServer, datasetPlace } from './api-server.ts';

type Given = z.output<typeof apiDatasetServer>;

const field = 'apiDatasetServer.apiServer';

/** Checks the server that a caller names. Throws what names the field. */
export function checkedApiServer(app: Pick<App, 'guard'>, given: Given): ApiServer {
  const { apiServer } = given;
  if (!apiServer) {
    const other = given.feishuServer ? 'feishuServer' : 'yuqueServer';
    const hint = { en: 'Use apiServer.', zh: '请使用 apiServer。' };
    const param = `apiDatasetServer.${other}`;
    throw fail('notAvailableYet', { params: { field: param, value: other, hint }, param });
  }
  const address = checkedWebAddress(app, `${field}.baseUrl`, apiServer.baseUrl);
  if (new URL(address).search !== '') {
    throw invalid(`${field}.baseUrl`, { en: 'must hold no query', zh: '不得包含查询参数' });
  }
  const authorization = (apiServer.authorization ?? '').trim();
  // What a header cannot hold would fail at every call, and might be read as a header of its own.
  if (!/^[\x20-\x7e\x80-\xff]*$/.test(authorization)) {
    throw invalid(`${field}.authorization`, {
      en: 'holds characters that a header cannot hold',
      zh: '包含请求头不允许的字符',
    });
  }
  return { baseUrl: address.replace(/\/+$/, ''), authorization, basePath: apiServer.basePath ?? '' };
}

/** The columns of a dataset with this server; a credential that is left out stays as long as the server is the same. */
export function apiServerColumns(
  app: Pick<App, 'guard' | 'secrets'>,
  id: string,
  given: Given,
  before?: Pick<DatasetRow, 'apiServer' | 'apiAuthorization'>,
): Pick<DatasetRow, 'apiServer' | 'apiAuthorization'> {
  const { authorization, ...server } = checkedApiServer(app, given);
  const apiServer = toJson(server);
  if (authorization !== '') {
    return { apiServer, apiAuthorization: app.secrets.seal(authorization, datasetPlace(id)) };
  }
  const stored = fromJson<{ baseUrl: string } | null>(before?.apiServer, null);
  const same = stored !== null && new URL(stored.baseUrl).origin === new URL(server.baseUrl).origin;
  // It was given for another server, which must not be able to get it.
  if (before?.apiAuthorization && !same) {
    const param = `${field}.authorization`;
    throw fail('missingParams', { params: { field: param }, param });
  }
  return { apiServer, apiAuthorization: before?.apiAuthorization ?? null };
}
