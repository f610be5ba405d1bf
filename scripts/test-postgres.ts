import { runTests } from './lib/run-tests.ts';

/*
 * `TEST_DATABASE_URL=postgres://… npm run test:postgres [-- filter…]`: the tests of everything that stores something,
 * on a PostgreSQL server. Each test has a schema of its own in that database and removes it.
 */
const relational = [
  'server/src/api/',
  'server/src/cli/cli.test.ts',
  'server/src/cli/copy/',
  'server/src/domain/',
  'server/src/http/',
  'server/src/jobs/',
  'server/src/database-down.test.ts',
  'server/src/processes.test.ts',
  'server/src/retrieval/search.test.ts',
  'server/src/store/postgres/',
];

if (process.env.TEST_DATABASE_URL) {
  const given = process.argv.slice(2);
  await runTests(given.length > 0 ? given : relational);
} else {
  console.error(
    'TEST_DATABASE_URL is missing: the address of a PostgreSQL database that tests may write into.',
  );
  process.exitCode = 1;
}
