import type { Kysely } from 'kysely';
import type { Engine } from '../ports.ts';
import { createKeywordIndex } from '../postgres/keyword-migration.ts';
import type { Database } from '../schema.ts';
import { createSearchIndex } from '../search-index/migration.ts';
import { first } from './0001-first.ts';
import { deleted } from './0003-deleted.ts';
import { jobTurns } from './0004-job-turns.ts';
import { vectors } from './0005-vectors.ts';
import { models } from './0006-models.ts';
import { processes } from './0007-processes.ts';
import { positions } from './0008-positions.ts';
import { fileOwners } from './0009-file-owners.ts';
import { uploads } from './0010-uploads.ts';
import { sources } from './0011-sources.ts';
import { sitePages } from './0012-site-pages.ts';
import { trainingItems } from './0013-training-items.ts';
import { dataHistory } from './0015-data-history.ts';
import { quality } from './0016-quality.ts';
import { jobSpeed } from './0017-job-speed.ts';
import { webhooks } from './0018-webhooks.ts';
import { tags } from './0019-tags.ts';
import { metadata } from './0020-metadata.ts';
import { interruptions } from './0021-interruptions.ts';
import { ownForbid } from './0022-own-forbid.ts';
import { metadataSpellings } from './0023-metadata-spellings.ts';
import { keyRotation } from './0026-key-rotation.ts';
import { appFacts } from './0027-app-facts.ts';
import { people } from './0028-people.ts';
import { embeddingRefusals } from './0031-embedding-refusals.ts';
import { smallMerges } from './0032-small-merges.ts';
import { deletions } from './0033-deletions.ts';
import { deletedApps } from './0034-deleted-apps.ts';
import { trustedReach } from './0038-trusted-reach.ts';
import { lastChanges } from './0039-last-changes.ts';
import { ranks } from './0040-ranks.ts';

/** One change of the schema. Applied changes are never edited; `up` runs inside a transaction. */
export interface Migration {
  /** Sorts after all before it: four digits and a word. */
  name: string;
  up(db: Kysely<Database>, engine: Engine): Promise<void>;
}

/** In order. A list rather than a directory scan, so that nothing runs by being left lying around. */
export const migrations: readonly Migration[] = [
  { name: '0001-first', up: first },
  {
    name: '0002-search-index',
    up: (db, engine) => (engine === 'sqlite' ? createSearchIndex : createKeywordIndex)(db),
  },
  { name: '0003-deleted', up: deleted },
  { name: '0004-job-turns', up: jobTurns },
  { name: '0005-vectors', up: vectors },
  { name: '0006-models', up: models },
  { name: '0007-processes', up: processes },
  { name: '0008-positions', up: positions },
  { name: '0009-file-owners', up: fileOwners },
  { name: '0010-uploads', up: uploads },
  { name: '0011-sources', up: sources },
  { name: '0012-site-pages', up: sitePages },
  { name: '0013-training-items', up: trainingItems },
  { name: '0015-data-history', up: dataHistory },
  { name: '0016-quality', up: quality },
  { name: '0017-job-speed', up: jobSpeed },
  { name: '0018-webhooks', up: webhooks },
  { name: '0019-tags', up: tags },
  { name: '0020-metadata', up: metadata },
  { name: '0021-interruptions', up: interruptions },
  { name: '0022-own-forbid', up: ownForbid },
  { name: '0023-metadata-spellings', up: metadataSpellings },
  { name: '0026-key-rotation', up: keyRotation },
  { name: '0027-app-facts', up: appFacts },
  { name: '0028-people', up: people },
  { name: '0031-embedding-refusals', up: embeddingRefusals },
  { name: '0032-small-merges', up: smallMerges },
  { name: '0033-deletions', up: deletions },
  { name: '0034-deleted-apps', up: deletedApps },
  { name: '0038-trusted-reach', up: trustedReach },
  { name: '0039-last-changes', up: lastChanges },
  { name: '0040-ranks', up: ranks },
];
