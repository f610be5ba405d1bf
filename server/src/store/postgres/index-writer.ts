import type { IndexWriter } from '../ports.ts';
import { removeVectors, writeVectors } from '../search-index/vectors.ts';
import { differingInPostgres, miscounted, recount, straysInPostgres } from './keyword-check.ts';
import { removeCollection, removeDocuments, writeDocuments } from './keyword-write.ts';
import { vectorComparer, vectorRestorer, vectorWriter } from './vector-index.ts';

/** The writing side of the index on Postgres; `vectors` is the schema of the `vector` extension, null without it. */
export function createPostgresIndexWriter(vectors: string | null): IndexWriter {
  return {
    write: writeDocuments,
    remove: removeDocuments,
    removeCollection,
    // Vacuuming does it.
    compact: async () => false,
    differing: differingInPostgres,
    strays: straysInPostgres,
    miscounted,
    recount,
    differingVectors: vectors === null ? async () => [] : vectorComparer(vectors),
    restoreVectors: vectors === null ? async () => {} : vectorRestorer(vectors),
    writeVectors: vectors === null ? writeVectors : vectorWriter(vectors),
    removeVectors,
  };
}
