import { readFileSync } from 'node:fs';
import wabt from 'wabt';

/** The module that `kernel.wat` assembles to, as a source file that holds it in base64. */
export async function renderKernel(path: string): Promise<string> {
  const { parseWat } = await wabt();
  const parsed = parseWat('kernel.wat', readFileSync(path, 'utf8'), { simd: true });
  parsed.validate();
  const { buffer } = parsed.toBinary({});
  parsed.destroy();
  const text = Buffer.from(buffer).toString('base64');
  const lines = text.match(/.{1,100}/g) ?? [];
  return [
    '// Made from kernel.wat by `npm run generate`.',
    '',
    '/** The scan over vectors, assembled. */',
    `export const kernelModule =\n${lines.map((line) => `  '${line}'`).join(' +\n')};`,
    '',
  ].join('\n');
}
