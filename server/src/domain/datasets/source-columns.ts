import type { datasetEndpoints } from '@lectern/contract/datasets.ts';
import type { InputOf } from '@lectern/contract/endpoint.ts';
import { toJson } from '../../store/json.ts';
import type { DatasetRow } from '../../store/schema.ts';
import { apiServerColumns } from '../api-datasets/server-input.ts';
import type { App } from '../context.ts';
import { checkedWebAddress } from '../web/address.ts';

type Input = Pick<
  InputOf<typeof datasetEndpoints.createDataset>,
  'websiteConfig' | 'apiDatasetServer' | 'autoSync'
>;

/** The columns that say where a dataset comes from, of what was given; addresses are checked. */
export function sourceColumns(
  app: Pick<App, 'guard' | 'secrets'>,
  id: string,
  { websiteConfig, apiDatasetServer, autoSync }: Input,
  before?: Pick<DatasetRow, 'apiServer' | 'apiAuthorization'>,
): Partial<DatasetRow> {
  const website = websiteConfig && {
    url: checkedWebAddress(app, 'websiteConfig.url', websiteConfig.url),
    selector: websiteConfig.selector?.trim() ?? '',
  };
  return {
    ...(website && { websiteConfig: toJson(website) }),
    ...(apiDatasetServer && apiServerColumns(app, id, apiDatasetServer, before)),
    ...(autoSync !== undefined && { autoSync: autoSync ? 1 : 0 }),
  };
}
