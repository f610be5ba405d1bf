import { createContext } from 'react';

/** A passage that a text cites, as its mark shows it. */
export interface CitedPassage {
  /** From 1, in the order in which the text names them. */
  number: number;
  /** Where it stands, for the tip of the mark. */
  source: string;
}

/** What the parts of a rendered text need to know. */
export interface MarkdownSurroundings {
  /** Whose list of hosts holds; pictures of allowed hosts are fetched for this app. */
  appId: string | undefined;
  allowedHosts: readonly string[];
  /** By the id of the data item. */
  cites: ReadonlyMap<string, CitedPassage>;
  onCite: ((dataId: string) => void) | undefined;
  /** More of the text is still to come. */
  partial: boolean;
}

export const MarkdownContext = createContext<MarkdownSurroundings>({
  appId: undefined,
  allowedHosts: [],
  cites: new Map(),
  onCite: undefined,
  partial: false,
});
