import type { datasetEndpoints } from '@lectern/contract/datasets.ts';
import type { OutputOf } from '@lectern/contract/endpoint.ts';
import { embedderOf } from '../../jobs/embedding.ts';
import { fromJson } from '../../store/json.ts';
import type { DatasetRow } from '../../store/schema.ts';
import type { App, Caller } from '../context.ts';
import { presentPermission } from '../policy.ts';

type Detail = OutputOf<typeof datasetEndpoints.getDataset>;
type ListItem = OutputOf<typeof datasetEndpoints.listDatasets>[number];

/** The embedding model of a dataset, or the built-in keyword search where there is none: never null. */
function presentVectorModel(
  app: Pick<App, 'models' | 'vectorIndex'>,
  row: Pick<DatasetRow, 'vectorModel' | 'dimensions'>,
): Detail['vectorModel'] {
  const embedder = embedderOf(app, row);
  // Vectors stay bound to the model that made them, also while it is not connected.
  const gone = embedder || row.dimensions === null ? undefined : (row.vectorModel ?? undefined);
  return {
    model: embedder?.id ?? gone ?? 'builtin-keyword',
    name: embedder?.name ?? gone ?? 'Keyword search (built in)',
    charsPointsPrice: embedder?.price?.input ?? 0,
    defaultToken: 512,
    maxToken: embedder?.maxTokens ?? 8192,
    weight: 100,
  };
}

/** A language model as datasets show it; one that is not configured is shown as the default one. */
function presentAgentModel(app: Pick<App, 'models'>, wanted: string | null): Detail['agentModel'] {
  const { model } = app.models.chat(wanted ?? undefined);
  return {
    model: model.id,
    name: model.name,
    provider: model.provider,
    maxContext: model.contextTokens,
    maxResponse: model.maxOutputTokens,
    charsPointsPrice: model.price.input + model.price.output,
  };
}

/** Where a dataset comes from; the credential is never shown. */
function presentSource(row: DatasetRow): Pick<Detail, 'websiteConfig' | 'apiDatasetServer' | 'autoSync'> {
  const server = fromJson<{ baseUrl: string; basePath: string } | null>(row.apiServer, null);
  return {
    ...(row.websiteConfig && { websiteConfig: fromJson(row.websiteConfig, { url: '', selector: '' }) }),
    ...(server && { apiDatasetServer: { apiServer: { ...server, authorization: '' } } }),
    ...(row.autoSync !== null && { autoSync: row.autoSync === 1 }),
  };
}

/** A dataset in full. */
export function presentDataset(
  app: Pick<App, 'models' | 'vectorIndex'>,
  caller: Caller,
  row: DatasetRow,
): Detail {
  return {
    _id: row.id,
    parentId: row.parentId,
    teamId: row.teamId,
    tmbId: row.memberId,
    type: row.type,
    status: 'active',
    avatar: row.avatar,
    name: row.name,
    intro: row.intro,
    vectorModel: presentVectorModel(app, row),
    agentModel: presentAgentModel(app, row.agentModel),
    ...(row.vlmModel && { vlmModel: presentAgentModel(app, row.vlmModel) }),
    permission: presentPermission(caller, 'dataset', row.memberId),
    inheritPermission: true,
    ...(row.chunkSettings && { chunkSettings: fromJson(row.chunkSettings, {}) }),
    ...presentSource(row),
    createTime: new Date(row.createTime).toISOString(),
    updateTime: new Date(row.updateTime).toISOString(),
  };
}

/** A dataset as the list shows it. `member` made it. */
export function presentDatasetListItem(
  app: Pick<App, 'models' | 'vectorIndex'>,
  caller: Caller,
  row: DatasetRow,
  member: { name: string | null; status: string | null },
): ListItem {
  return {
    _id: row.id,
    parentId: row.parentId,
    avatar: row.avatar,
    name: row.name,
    intro: row.intro,
    type: row.type,
    permission: presentPermission(caller, 'dataset', row.memberId),
    vectorModel: presentVectorModel(app, row),
    inheritPermission: true,
    tmbId: row.memberId,
    updateTime: new Date(row.updateTime).toISOString(),
    sourceMember: { name: member.name ?? '', avatar: '', status: member.status ?? 'left' },
  };
}
