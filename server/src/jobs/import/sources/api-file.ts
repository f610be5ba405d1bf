import { fetchApiFile } from '../../../domain/web/fetch-api-file.ts';
import type { Source } from '../deps.ts';
import { fetchOnce } from './fetched.ts';
import { readStored } from './file.ts';

/** Fetches a file of the dataset's API server, and reads it as if it had been uploaded. */
export const apiFileSource: Source = async (deps, collection, tools) => {
  tools.progress({ stage: 'fetch', percent: 1 });
  await fetchOnce(deps, collection, (folder) => fetchApiFile(deps, collection, folder, tools.signal));
  return await readStored(deps, collection, tools);
};
