import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Plugin } from 'vite';

const require = createRequire(import.meta.url);

/** Mantine names the parts of its components `m_87cf2631`: in a style sheet for each, and in a list of names. */
const partNames = /\bm_[0-9a-f]{6,8}\b/g;
const listOfNames = /@mantine[\\/]core[\\/]esm[\\/].*\.module\.mjs$/;

/**
 * Lets every component of Mantine bring its own styles, so that a screen loads those of what it shows. The one sheet
 * of all components would be a sixth of a first load. A component imports those it builds upon, so that the order of
 * the rules is kept.
 */
export function mantineStyles(): Plugin {
  const sheets = sheetsByPart();
  return {
    name: 'mantine-styles',
    transform(code, id) {
      if (!listOfNames.test(id)) return null;
      const needed = new Set([...code.matchAll(partNames)].flatMap(([part]) => sheets.get(part) ?? []));
      const imports = [...needed].map((sheet) => `import '@mantine/core/styles/${sheet}';`);
      return { code: `${imports.join('')}${code}`, map: null };
    },
  };
}

/** Which style sheet defines a part: the one whose rules begin with it. */
function sheetsByPart(): Map<string, string> {
  const folder = join(dirname(require.resolve('@mantine/core/styles.css')), 'styles');
  const sheets = new Map<string, string>();
  for (const sheet of readdirSync(folder).filter((name) => /^[A-Z]\w*\.css$/.test(name))) {
    for (const [, part] of readFileSync(join(folder, sheet), 'utf8').matchAll(/^\.(m_[0-9a-f]{6,8})\b/gm))
      if (part && !sheets.has(part)) sheets.set(part, sheet);
  }
  return sheets;
}
