import type { Kysely } from 'kysely';
import type { Database } from '../schema.ts';

/**
 * Questions of which somebody knows what they should find, how well settings found it, and a second index that is
 * built beside the one that answers.
 */
export async function quality(db: Kysely<Database>): Promise<void> {
  await savedQuestions(db);
  await evaluations(db);
  await rebuilds(db);
}

async function savedQuestions(db: Kysely<Database>): Promise<void> {
  await db.schema
    .createTable('saved_questions')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('teamId', 'text', (column) => column.notNull())
    .addColumn('datasetId', 'text', (column) =>
      column.notNull().references('datasets.id').onDelete('cascade'),
    )
    .addColumn('memberId', 'text', (column) => column.notNull())
    .addColumn('question', 'text', (column) => column.notNull())
    .addColumn('expectedData', 'text', (column) => column.notNull())
    .addColumn('expectedCollections', 'text', (column) => column.notNull())
    .addColumn('note', 'text', (column) => column.notNull())
    .addColumn('source', 'text', (column) => column.notNull())
    .addColumn('createTime', 'bigint', (column) => column.notNull())
    .addColumn('updateTime', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('saved_questions_by_datasetId_id')
    .on('saved_questions')
    .columns(['datasetId', 'id'])
    .execute();
}

async function evaluations(db: Kysely<Database>): Promise<void> {
  await db.schema
    .createTable('evaluations')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('teamId', 'text', (column) => column.notNull())
    .addColumn('datasetId', 'text', (column) =>
      column.notNull().references('datasets.id').onDelete('cascade'),
    )
    .addColumn('memberId', 'text', (column) => column.notNull())
    .addColumn('keyId', 'text')
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('settings', 'text', (column) => column.notNull())
    .addColumn('questionIds', 'text')
    .addColumn('rebuildId', 'text')
    .addColumn('summary', 'text')
    .addColumn('createTime', 'bigint', (column) => column.notNull())
    .addColumn('endTime', 'bigint')
    .execute();
  await db.schema
    .createIndex('evaluations_by_datasetId_id')
    .on('evaluations')
    .columns(['datasetId', 'id'])
    .execute();
  await db.schema
    .createTable('evaluation_results')
    .addColumn('evaluationId', 'text', (column) =>
      column.notNull().references('evaluations.id').onDelete('cascade'),
    )
    .addColumn('setting', 'integer', (column) => column.notNull())
    .addColumn('questionId', 'text', (column) => column.notNull())
    .addColumn('teamId', 'text', (column) => column.notNull())
    .addColumn('question', 'text', (column) => column.notNull())
    .addColumn('hit', 'integer', (column) => column.notNull())
    .addColumn('result', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('evaluation_results_key', ['evaluationId', 'questionId', 'setting'])
    .execute();
}

async function rebuilds(db: Kysely<Database>): Promise<void> {
  await db.schema
    .createTable('embedding_rebuilds')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('teamId', 'text', (column) => column.notNull())
    .addColumn('datasetId', 'text', (column) =>
      column.notNull().references('datasets.id').onDelete('cascade'),
    )
    .addColumn('memberId', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('switchWhen', 'text', (column) => column.notNull())
    .addColumn('model', 'text', (column) => column.notNull())
    .addColumn('dimensions', 'integer')
    .addColumn('bestEmbeddingWeight', 'double precision')
    .addColumn('calibratedItems', 'integer')
    .addColumn('otherModel', 'text', (column) => column.notNull())
    .addColumn('otherDimensions', 'integer', (column) => column.notNull())
    .addColumn('otherBestEmbeddingWeight', 'double precision')
    .addColumn('otherCalibratedItems', 'integer')
    .addColumn('refused', 'integer', (column) => column.notNull())
    .addColumn('evaluationId', 'text')
    .addColumn('keepDays', 'integer', (column) => column.notNull())
    .addColumn('keepUntil', 'bigint')
    .addColumn('createTime', 'bigint', (column) => column.notNull())
    .addColumn('switchTime', 'bigint')
    .addColumn('endTime', 'bigint')
    .execute();
  await db.schema
    .createIndex('embedding_rebuilds_by_datasetId_id')
    .on('embedding_rebuilds')
    .columns(['datasetId', 'id'])
    .execute();
  await db.schema
    .createIndex('embedding_rebuilds_by_state_keepUntil')
    .on('embedding_rebuilds')
    .columns(['state', 'keepUntil'])
    .execute();
}
