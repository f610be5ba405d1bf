import type { Plugin } from 'vite';

interface StandIn {
  /** Part of Mantine that takes more than it needs. */
  part: RegExp;
  /** What it takes it from. */
  source: RegExp;
  code: string;
}

const within = (part: string) =>
  new RegExp(String.raw`@mantine[\\/]core[\\/]esm[\\/]components[\\/]${part}[\\/]`);

const standIns: StandIn[] = [
  // One small hook, of the library that places menus.
  {
    part: within('ScrollArea'),
    source: /^@floating-ui\/react$/,
    code: `import { useMergedRef } from '@mantine/hooks'; export const useMergeRefs = (refs) => useMergedRef(...refs);`,
  },
  // Two names of classes, of the library that keeps a page from scrolling below a dialog.
  {
    part: within('AppShell'),
    source: /^react-remove-scroll$/,
    code: `import { fullWidthClassName as fullWidth, zeroRightClassName as zeroRight } from 'react-remove-scroll-bar/constants'; export const RemoveScroll = { classNames: { fullWidth, zeroRight } };`,
  },
  // Bars that are drawn for a table; ours scroll in ui/table-scroll.tsx.
  { part: within('Table'), source: /[\\/]ScrollArea\.mjs$/, code: `export const ScrollArea = 'div';` },
];

const prefix = '\0lean-mantine:';

/** Gives parts of Mantine that nearly every screen has the little that they need, where they would load much with it. */
export function leanMantine(): Plugin {
  return {
    name: 'lean-mantine',
    apply: 'build',
    enforce: 'pre',
    resolveId: (source, importer = '') => {
      const found = standIns.findIndex((one) => one.source.test(source) && one.part.test(importer));
      return found < 0 ? undefined : `${prefix}${found}`;
    },
    load: (id) => (id.startsWith(prefix) ? standIns[Number(id.slice(prefix.length))]?.code : undefined),
  };
}
