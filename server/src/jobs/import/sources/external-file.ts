import { fetchDocument, fileLimits } from '../../../domain/web/fetch-document.ts';
import type { Source } from '../deps.ts';
import { fetchOnce, rename } from './fetched.ts';
import { readStored } from './file.ts';

/** Fetches a file by its address, and reads it as if it had been uploaded. */
export const externalFileSource: Source = async (deps, collection, tools) => {
  const address = collection.externalFileUrl ?? '';
  tools.progress({ stage: 'fetch', percent: 1 });
  await fetchOnce(deps, collection, async (folder) => {
    const name = collection.name === address ? undefined : collection.name;
    const found = await fetchDocument(deps, address, folder, { ...fileLimits, signal: tools.signal });
    if (!found) throw new Error('A file answered that it has not changed although nobody asked.');
    await rename(deps, collection, address, found.file.name);
    // What the caller calls it may be without an extension; then the name of the address says what it is.
    const told = name !== undefined && /\.\w{1,8}$/.test(name) ? name : found.file.name;
    return { file: { ...found.file, name: told } };
  });
  return await readStored(deps, collection, tools);
};
