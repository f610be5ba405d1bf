import { lazy, Suspense } from 'react';
import type { MarkdownProps } from './markdown.tsx';
import { withoutMarks } from './marks.ts';

const load = () => import('./markdown.tsx');
const Loaded = lazy(async () => ({ default: (await load()).Markdown }));

/** Has the parser ready before the first answer comes. */
export const prepareMarkdown = (): void => void load().catch(() => undefined);

/** {@link Markdown}, whose parser comes when there is a text to be shown; until then the text stands as it is. */
export function Markdown(props: MarkdownProps) {
  return (
    <Suspense fallback={<div style={{ whiteSpace: 'pre-wrap' }}>{withoutMarks(props.text)}</div>}>
      <Loaded {...props} />
    </Suspense>
  );
}
