import type { searchEndpoints } from '@lectern/contract/search.ts';
import { searchTest } from '../domain/search/search-test.ts';
import type { Handlers } from './handler.ts';

export const searchHandlers: Handlers<typeof searchEndpoints> = {
  searchTest: (input, { app, caller, signal, lang, origin }) =>
    searchTest(app, caller, input, { signal, lang, origin }),
};
