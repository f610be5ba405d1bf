/** What Markdown may make something of: marks, beginnings of lists, indented code, addresses. */
const marked = /[*_`~#|<>[\]\\$&]|^ {0,3}(?:[-+=]|\d+[.)])|^(?: {4}|\t)| {2}$|https?:|www\.|\S@\S/im;

/**
 * The paragraphs of a text that is the same with and without Markdown, as a welcome or a short answer mostly is: it
 * can be shown without the parser. Undefined for any other.
 */
export function plainParagraphs(text: string): string[] | undefined {
  if (marked.test(text)) return undefined;
  return text.split(/\n\s*\n/).flatMap((part) => part.trim() || []);
}
