import type { Parents, Root } from 'mdast';
import { useEffect, useState } from 'react';
import type { Options } from 'react-markdown';
import rehypeSanitize, { defaultSchema } from 'rehype-sanitize';
import remarkGfm from 'remark-gfm';

type Plugins = NonNullable<Options['remarkPlugins']>;

/** HTML in a text is text: it is shown as it is written, and nothing of it happens. */
function htmlAsText() {
  const walk = (parent: Parents) => {
    parent.children.forEach((child, index) => {
      if (child.type === 'html') {
        const text = { type: 'text' as const, value: child.value };
        const isBlock = parent.type !== 'paragraph' && parent.type !== 'heading';
        parent.children[index] = isBlock ? { type: 'paragraph', children: [text] } : text;
      } else if ('children' in child) walk(child);
    });
  };
  return (tree: Root) => walk(tree);
}

const schema = {
  ...defaultSchema,
  // No picture elements, no details, nothing that Markdown cannot say.
  tagNames: (defaultSchema.tagNames ?? []).filter(
    (name) => !['picture', 'source', 'details', 'summary', 'ruby', 'rp', 'rt'].includes(name),
  ),
  attributes: {
    ...defaultSchema.attributes,
    code: [['className', /^language-./, 'math-inline', 'math-display'] as [string, ...(string | RegExp)[]]],
  },
  protocols: { ...defaultSchema.protocols, href: ['http', 'https', 'mailto'], src: ['http', 'https'] },
};

/** What every text goes through. Sanitising comes first: whatever is added after it is our own. */
export const basicPlugins: { remark: Plugins; rehype: Plugins } = {
  remark: [remarkGfm, htmlAsText],
  rehype: [[rehypeSanitize, schema]],
};

/** A part that is loaded the first time that a text needs it, and kept. */
interface LazyPart<T> {
  load: () => Promise<T>;
  value?: T;
}

export const formulas: LazyPart<{ remark: Plugins; rehype: Plugins }> = {
  load: async () => (await import('./formulas.ts')).formulaPlugins,
};
export const highlighting: LazyPart<{ rehype: Plugins }> = {
  load: async () => (await import('./highlighting.ts')).highlightPlugins,
};

/** The part once it is there; until then a text is shown without it. */
export function useLazyPart<T>(part: LazyPart<T>, wanted: boolean): T | undefined {
  const [, loaded] = useState(part.value);
  useEffect(() => {
    if (!wanted || part.value) return;
    let here = true;
    part
      .load()
      .then((value) => {
        part.value = value;
        if (here) loaded(() => value);
      })
      // The text stays readable without it.
      .catch(() => undefined);
    return () => {
      here = false;
    };
  }, [part, wanted]);
  return wanted ? part.value : undefined;
}
