import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Plugin } from 'vite';

const name = 'virtual:pdf-files';
const require = createRequire(import.meta.url);
const manifest = require.resolve('pdfjs-dist/package.json');
const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
const prefix = `assets/pdfjs-${version}/`;

/**
 * Puts the tables for Chinese, Japanese and Korean letters and the fonts that every reader of PDFs has among the files
 * of the console. pdf.js asks for them by name, so that a folder with the version takes the place of a hash.
 */
export function pdfFiles(): Plugin {
  return {
    name: 'pdf-files',
    resolveId: (id) => (id === name ? `\0${name}` : undefined),
    load: (id) =>
      id === `\0${name}` ? `export const pdfFiles = ${JSON.stringify(`/${prefix}`)};` : undefined,
    generateBundle() {
      for (const folder of ['cmaps', 'standard_fonts'])
        for (const file of readdirSync(join(dirname(manifest), folder)))
          if (/\.(bcmap|pfb|ttf)$/.test(file))
            this.emitFile({
              type: 'asset',
              fileName: prefix + file,
              source: readFileSync(join(dirname(manifest), folder, file)),
            });
    },
  };
}
