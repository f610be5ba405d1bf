import { type RefObject, useEffect } from 'react';
import { markWords } from './marks.ts';

/** The name under which the browser keeps what is marked; the style of it is in `search.module.css`. */
const registryName = 'found-words';

/** The ranges of all passages on the screen, where the browser can mark without changing the page. */
function registry(): Highlight | undefined {
  if (!('highlights' in CSS)) return undefined;
  const known = CSS.highlights.get(registryName);
  if (known) return known;
  const made = new Highlight();
  CSS.highlights.set(registryName, made);
  return made;
}

/** Where the words stand in what is rendered inside an element. */
function rangesOf(root: Node, words: readonly string[]): Range[] {
  const ranges: Range[] = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    let at = 0;
    for (const { text, marked } of markWords(node.nodeValue ?? '', words)) {
      if (marked) {
        const range = document.createRange();
        range.setStart(node, at);
        range.setEnd(node, at + text.length);
        ranges.push(range);
      }
      at += text.length;
    }
  }
  return ranges;
}

/** Marks words inside an element, also in what is rendered there later; the page itself is not changed. */
export function useMarkedWords(element: RefObject<HTMLElement | null>, words: readonly string[]): void {
  useEffect(() => {
    const root = element.current;
    const marks = registry();
    if (!root || !marks || words.length === 0) return;
    let ranges: Range[] = [];
    const mark = () => {
      for (const range of ranges) marks.delete(range);
      ranges = rangesOf(root, words);
      for (const range of ranges) marks.add(range);
    };
    mark();
    const observer = new MutationObserver(mark);
    observer.observe(root, { childList: true, subtree: true, characterData: true });
    return () => {
      observer.disconnect();
      for (const range of ranges) marks.delete(range);
    };
  }, [element, words]);
}
