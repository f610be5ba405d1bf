import { lazy, Suspense } from 'react';
import type { CitedPassage } from './context.ts';

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

const Renderer = lazy(() => import('./renderer.tsx'));

/**
 * The one way in which a text of a model, a document or a person is shown as Markdown. HTML is text; foreign pictures
 * and pages are not fetched; formulas, colours of code and diagrams are loaded when the text has them. The renderer
 * itself comes with the first text: an empty chat opens without it.
 */
export function Markdown(props: MarkdownProps) {
  return (
    <Suspense fallback={<div style={{ whiteSpace: 'pre-wrap' }}>{props.text}</div>}>
      <Renderer {...props} />
    </Suspense>
  );
}
