import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { contract } from '@lectern/contract/contract.ts';
import type { AnyEndpoint } from '@lectern/contract/endpoint.ts';
import { buildOpenApi } from '@lectern/contract/openapi.ts';
import { version } from '@lectern/server/version.ts';
import { parseRows, renderCompatibility } from './lib/compatibility.ts';
import { renderKernel } from './lib/kernel.ts';
import { renderSettings } from './lib/settings.ts';

/*
 * `npm run generate`: writes the files that are made from the code and committed, so that a change of the API shows
 * in a diff. `--check` writes nothing and fails when one of them is stale.
 */
const root = resolve(import.meta.dirname, '..');

function openApi(): string {
  return `${JSON.stringify(buildOpenApi(contract, { lang: 'en', version }), null, 2)}\n`;
}

function compatibility(): string {
  const rows = parseRows(readFileSync(join(root, 'docs/compatibility-rows.tsv'), 'utf8'));
  const endpoints: [string, AnyEndpoint][] = Object.entries(contract);
  const served = endpoints.map(([operation, { method, path, aliases, callers }]) => ({
    operation,
    method,
    path,
    aliases: aliases ?? [],
    callers,
  }));
  return renderCompatibility(rows, served);
}

const kernel = 'server/src/retrieval/vectors/kernel';

const outputs: Record<string, () => string | Promise<string>> = {
  'docs/openapi.json': openApi,
  'docs/compatibility.md': compatibility,
  'docs/settings.md': () => renderSettings('en'),
  'docs/settings.zh-CN.md': () => renderSettings('zh'),
  [`${kernel}.ts`]: () => renderKernel(join(root, `${kernel}.wat`)),
};

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

const check = process.argv.includes('--check');
for (const [name, make] of Object.entries(outputs)) {
  const file = join(root, name);
  const wanted = await make();
  if (read(file) === wanted) continue;
  if (check) {
    console.error(`${name} is stale: run \`npm run generate\` and commit it.`);
    process.exitCode = 1;
  } else {
    writeFileSync(file, wanted);
    console.log(`wrote ${name}`);
  }
}
