import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';

/* `npm run check`: everything that can be said about the code without running it, side by side. */
const root = resolve(import.meta.dirname, '..');
const require = createRequire(import.meta.url);

/** The script behind a package's command, so that it runs under this Node and needs no shell. */
function command(packageName: string, bin: string): string {
  const manifest = require.resolve(`${packageName}/package.json`);
  const declared = (require(manifest) as { bin: string | Record<string, string> }).bin;
  return join(dirname(manifest), typeof declared === 'string' ? declared : (declared[bin] ?? ''));
}

interface Step {
  name: string;
  args: string[];
  fix: string;
}

const steps: Step[] = [
  {
    name: 'format and lint',
    args: [command('@biomejs/biome', 'biome'), 'check', '--max-diagnostics=50', '--diagnostic-level=warn'],
    fix: 'npx biome check --write',
  },
  {
    name: 'types',
    args: [command('typescript', 'tsc'), '--noEmit', '--pretty', 'false'],
    fix: 'npx tsc --noEmit',
  },
  {
    name: 'types of the console',
    args: [command('typescript', 'tsc'), '--noEmit', '--pretty', 'false', '-p', 'web'],
    fix: 'npx tsc --noEmit -p web',
  },
  {
    name: 'imports and links',
    args: [join(root, 'scripts/rules.ts')],
    fix: 'docs/ARCHITECTURE.md says who may import whom',
  },
  { name: 'generated files', args: [join(root, 'scripts/generate.ts'), '--check'], fix: 'npm run generate' },
  {
    name: 'OpenAPI document',
    args: [
      command('@redocly/cli', 'redocly'),
      'lint',
      'docs/openapi.json',
      '--format=stylish',
      '--max-problems=50',
    ],
    fix: 'npx redocly lint docs/openapi.json',
  },
];

interface Result {
  step: Step;
  ok: boolean;
  output: string;
  seconds: number;
}

function run(step: Step): Promise<Result> {
  const began = performance.now();
  const child = spawn(process.execPath, step.args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true', CI: 'true' },
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  return new Promise((done) => {
    const finish = (ok: boolean) =>
      done({ step, ok, output: output.trim(), seconds: (performance.now() - began) / 1000 });
    child.once('error', (error) => {
      output += error.message;
      finish(false);
    });
    child.once('close', (code) => finish(code === 0));
  });
}

const results = await Promise.all(
  steps.map(async (step) => {
    const result = await run(step);
    console.log(`${result.ok ? '✓' : '✗'} ${step.name} (${result.seconds.toFixed(1)} s)`);
    return result;
  }),
);
const failed = results.filter(({ ok }) => !ok);
for (const { step, output } of failed) {
  console.log(`\n── ${step.name} ──\n${output}\n→ ${step.fix}`);
}
console.log(
  `\n${failed.length === 0 ? 'All checks passed.' : `Failed: ${failed.map(({ step }) => step.name).join(', ')}`}`,
);
process.exitCode = failed.length === 0 ? 0 : 1;
