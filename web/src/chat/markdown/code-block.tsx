import { Group, Text } from '@mantine/core';
import type { Element, ElementContent } from 'hast';
import { type ComponentProps, lazy, Suspense, useContext } from 'react';
import type { ExtraProps } from 'react-markdown';
import { CopyButton } from '../../ui/copy-button.tsx';
import { MarkdownContext } from './context.ts';
import classes from './markdown.module.css';

const Diagram = lazy(() => import('./diagram.tsx'));

const textOf = (node: ElementContent): string =>
  node.type === 'text' ? node.value : 'children' in node ? node.children.map(textOf).join('') : '';

function languageOf(code: Element | undefined): string {
  const names = code?.properties.className;
  const name = Array.isArray(names) ? names.find((one) => String(one).startsWith('language-')) : undefined;
  return name ? String(name).slice('language-'.length) : '';
}

/** A block of code with its language and a button that copies it; a diagram is drawn once it is complete. */
export function CodeBlock({ node, children }: ComponentProps<'pre'> & ExtraProps) {
  const { partial } = useContext(MarkdownContext);
  const code = node?.children.find((child) => child.type === 'element' && child.tagName === 'code');
  const language = code?.type === 'element' ? languageOf(code) : '';
  const text = code ? textOf(code) : '';
  const block = (
    <figure className={classes.code}>
      <Group justify="space-between" className={classes.codeHead} wrap="nowrap">
        <Text component="span" size="xs" c="dimmed" truncate>
          {language}
        </Text>
        <CopyButton value={text} />
      </Group>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: wide code is scrolled by keyboard, too */}
      <pre tabIndex={0}>{children}</pre>
    </figure>
  );
  if (language !== 'mermaid' || partial) return block;
  return (
    <Suspense fallback={block}>
      <Diagram source={text} fallback={block} />
    </Suspense>
  );
}
