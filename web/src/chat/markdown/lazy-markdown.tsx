import { lazy, Suspense, useMemo } from 'react';
import classes from './markdown.module.css';
import type { MarkdownProps } from './markdown.tsx';
import { withoutMarks } from './marks.ts';
import { plainParagraphs } from './plain.ts';

const load = () => import('./markdown.tsx');
const Loaded = lazy(async () => ({ default: (await load()).Markdown }));

/** Has the parser ready before the first answer comes. */
export const prepareMarkdown = (): void => void load().catch(() => undefined);

/** {@link Markdown}, whose parser comes with the first text that needs it; until then the text stands as it is. */
export function Markdown(props: MarkdownProps) {
  const { text } = props;
  const plain = useMemo(() => plainParagraphs(text), [text]);
  if (plain) return <Plain paragraphs={plain} />;
  return (
    <Suspense fallback={<div style={{ whiteSpace: 'pre-wrap' }}>{withoutMarks(text)}</div>}>
      <Loaded {...props} />
    </Suspense>
  );
}

function Plain({ paragraphs }: { paragraphs: readonly string[] }) {
  return (
    <div className={classes.markdown}>
      {paragraphs.map((paragraph, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a text that grows does so at its end
        <p key={index}>{paragraph}</p>
      ))}
    </div>
  );
}
