import { runTests } from './lib/run-tests.ts';

/*
 * `npm test [-- filter…]`: the whole suite, or the files whose path contains a filter. The last line is always
 * `N passed, N failed`, so that people and machines read the result in one place.
 */
const leftOut =
  'Left out: what needs a PostgreSQL server. With TEST_DATABASE_URL=postgres://… it runs by npm run test:postgres.';

await runTests(process.argv.slice(2), process.env.TEST_DATABASE_URL ? undefined : leftOut);
