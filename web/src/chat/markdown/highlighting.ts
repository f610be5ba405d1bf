import rehypeHighlight from 'rehype-highlight';

/** Colours for code in the languages that people mostly show. */
export const highlightPlugins = {
  rehype: [[rehypeHighlight, { plainText: ['mermaid', 'text', 'txt', 'plain'] }]] as [
    [typeof rehypeHighlight, object],
  ],
};
