import type { archiveEndpoints } from '@lectern/contract/archive.ts';
import { listArchives } from '../domain/archive/list-archives.ts';
import { startArchive } from '../domain/archive/start-archive.ts';
import { startImport } from '../domain/archive/start-import.ts';
import { given } from './files.ts';
import type { Handlers } from './handler.ts';

export const archiveHandlers: Handlers<typeof archiveEndpoints> = {
  makeArchive: (input, { app, caller }) => startArchive(app, caller, input),
  listArchives: (input, { app, caller, origin, lang }) => listArchives(app, caller, input, { origin, lang }),
  importArchive: (input, { app, caller, files }) => startImport(app, caller, input, given(input, files)),
};
