/**
 * Whether a diagram can be drawn without a doubt. Drawing measures in the page, where a picture, a style or a link of
 * the diagram would be loaded already: a source that has addresses, markup, styles with functions or settings of its
 * own is shown as text instead.
 */
export function isHarmlessDiagram(source: string): boolean {
  if (source.length > 20_000) return false;
  const suspicious = [
    // Settings: a directive, or front matter.
    /%%\s*\{/,
    /^\s*---\s*$/m,
    // Addresses, in whatever scheme or without one.
    /:\s*\/\/|\/\/[\w.[]|\\\\/,
    /\b(?:data|javascript|vbscript|blob|file|mailto):/i,
    /\burl\s*\(|@import|expression\s*\(/i,
    // Escapes, with which any of these could be written otherwise.
    /\\[0-9a-f]{1,6}/i,
    /&#?\w+;/,
    // Pictures, links, styles and markup.
    /\bimg\b|\bimage\b|\bhref\b|\bclick\b|\blinks?\b\s+\w+|\bicon\b/i,
    /<(?!br\s*\/?>|[-=.|]|\s)/i,
  ];
  // Arrows are no markup.
  const bare = source.replace(/<(?=[-=.|*ox])|<<|>>/g, '');
  return !suspicious.some((pattern) => pattern.test(bare));
}
