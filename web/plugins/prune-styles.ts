import { type AtRule, type ChildNode, parse, type Rule } from 'postcss';
import type { Plugin } from 'vite';

/** Mantine names the parts of its components `.m_87cf2631`; a component's script holds the names of its parts. */
const partName = /\.(m_[0-9a-f]{6,8})\b/g;

/**
 * Leaves out the styles of Mantine's components that no script of the console uses: about a third of its style sheet,
 * which would be in everybody's first load.
 */
export function pruneStyles(): Plugin {
  return {
    name: 'prune-styles',
    apply: 'build',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const used = new Set<string>();
      for (const file of Object.values(bundle)) {
        if (file.type !== 'chunk') continue;
        for (const [name] of file.code.matchAll(/\bm_[0-9a-f]{6,8}\b/g)) used.add(name);
      }
      for (const file of Object.values(bundle)) {
        if (file.type === 'asset' && file.fileName.endsWith('.css'))
          file.source = prune(String(file.source), used);
      }
    },
  };
}

/** Takes out the selectors that need a part which is not `used`, and what is empty then. */
export function prune(css: string, used: ReadonlySet<string>): string {
  const root = parse(css);
  root.walkRules((rule) => {
    if (!rule.selector.includes('.m_')) return;
    const kept = rule.selectors.filter((selector) =>
      [...selector.matchAll(partName)].every((match) => used.has(match[1] ?? '')),
    );
    if (kept.length === 0) removeEmptied(rule);
    else if (kept.length < rule.selectors.length) rule.selectors = kept;
  });
  return root.toString();
}

function removeEmptied(node: Rule | AtRule): void {
  const { parent } = node;
  node.remove();
  if (parent?.type === 'atrule' && (parent as AtRule & { nodes?: ChildNode[] }).nodes?.length === 0)
    removeEmptied(parent as AtRule);
}
