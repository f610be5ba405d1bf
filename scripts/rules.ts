import { readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { filesUnder } from './lib/files.ts';
import { brokenRules } from './lib/import-rules.ts';
import { deadLinks } from './lib/links.ts';

/* The rules that no tool brings: the direction of imports, and links of the documents that lead somewhere. */
const root = resolve(import.meta.dirname, '..');
const name = (file: string) => relative(root, file).replaceAll('\\', '/');

const sources = ['contract', 'server', 'web', 'e2e', 'bench']
  .flatMap((folder) => filesUnder(join(root, folder), /\.(ts|tsx)$/))
  .map((file) => ({ path: name(file), text: readFileSync(file, 'utf8') }));

const links = filesUnder(root, /\.md$/).flatMap((file) =>
  deadLinks(file, readFileSync(file, 'utf8')).map((target) => `${name(file)}: ${target} does not exist`),
);

const problems = [...brokenRules(sources), ...links];
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
