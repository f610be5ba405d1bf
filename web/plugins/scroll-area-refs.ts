import type { Plugin } from 'vite';

const name = '\0merge-refs';
const scrollArea = /@mantine[\\/]core[\\/]esm[\\/]components[\\/]ScrollArea[\\/]/;

/**
 * Mantine's scroll area, and with it each table, takes one small hook from the library that places menus, and so would
 * load all of that. It gets the same hook from Mantine's own.
 */
export function scrollAreaRefs(): Plugin {
  return {
    name: 'scroll-area-refs',
    apply: 'build',
    enforce: 'pre',
    resolveId: (source, importer) =>
      source === '@floating-ui/react' && importer && scrollArea.test(importer) ? name : undefined,
    load: (id) =>
      id === name
        ? `import { useMergedRef } from '@mantine/hooks'; export const useMergeRefs = (refs) => useMergedRef(...refs);`
        : undefined,
  };
}
