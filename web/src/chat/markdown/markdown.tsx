import { type ComponentProps, memo, useMemo } from 'react';
import ReactMarkdown, { type Components, type ExtraProps } from 'react-markdown';
import { CodeBlock } from './code-block.tsx';
import { type CitedPassage, MarkdownContext } from './context.ts';
import { Link } from './link.tsx';
import classes from './markdown.module.css';
import { Picture } from './picture.tsx';
import { basicPlugins, formulas, highlighting, useLazyPart } from './plugins.ts';
import { hasFormulas, prepareText } from './prepare.ts';

/** A text to be shown. */
export interface MarkdownProps {
  text: string;
  /** More of it is still to come: what is opened is closed for the moment. */
  partial?: boolean;
  /** The app that wrote it, and the hosts that the app allows; without one, nothing foreign is shown. */
  appId?: string | undefined;
  allowedHosts?: readonly string[] | undefined;
  /** The passages that its marks stand for, by the id of the data item. */
  cites?: ReadonlyMap<string, CitedPassage> | undefined;
  onCite?: ((dataId: string) => void) | undefined;
}

const nothing: readonly string[] = [];
const noCites: ReadonlyMap<string, CitedPassage> = new Map();
/** Addresses are looked at where links and pictures are drawn. */
const asItIs = (url: string) => url;

/** Wide tables are scrolled inside the text, also by keyboard. */
function Table({ node: _, ...props }: ComponentProps<'table'> & ExtraProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable
    <div className={classes.table} tabIndex={0}>
      <table {...props} />
    </div>
  );
}

// The headings of a text stand below those of the page.
const components: Components = {
  a: Link,
  img: Picture,
  pre: CodeBlock,
  table: Table,
  h1: 'h3',
  h2: 'h4',
  h3: 'h5',
  h4: 'h6',
  h5: 'h6',
};

/**
 * The one way in which a text of a model, a document or a person is shown as Markdown. HTML is text; foreign pictures
 * and pages are not fetched; formulas, colours of code and diagrams are loaded when the text has them. Where the first
 * load counts, `lazy-markdown.tsx` brings it with the first text.
 */
export const Markdown = memo(function Markdown(props: MarkdownProps) {
  const { text, partial = false, appId, allowedHosts = nothing, cites = noCites, onCite } = props;
  const prepared = useMemo(() => prepareText(text, partial), [text, partial]);
  const math = useLazyPart(formulas, hasFormulas(prepared));
  const colours = useLazyPart(highlighting, /^ {0,3}(?:```|~~~)/m.test(prepared));
  const remark = useMemo(() => [...basicPlugins.remark, ...(math?.remark ?? [])], [math]);
  const rehype = useMemo(
    () => [...basicPlugins.rehype, ...(math?.rehype ?? []), ...(colours?.rehype ?? [])],
    [math, colours],
  );
  const surroundings = useMemo(
    () => ({ appId, allowedHosts: allowedHosts ?? nothing, cites, onCite, partial }),
    [appId, allowedHosts, cites, onCite, partial],
  );
  return (
    <MarkdownContext value={surroundings}>
      <div className={classes.markdown}>
        <ReactMarkdown
          components={components}
          remarkPlugins={remark}
          rehypePlugins={rehype}
          urlTransform={asItIs}
        >
          {prepared}
        </ReactMarkdown>
      </div>
    </MarkdownContext>
  );
});
