import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from 'react';

/** How near to the end, in pixels, counts as being there. */
const near = 80;

/**
 * Keeps a scrolled box at its end while its content grows, until somebody scrolls up; `changes` are what it grows by.
 */
export function useStickToEnd(changes: readonly unknown[]): {
  ref: RefObject<HTMLDivElement | null>;
  atEnd: boolean;
  toEnd: () => void;
} {
  const ref = useRef<HTMLDivElement>(null);
  const stick = useRef(true);
  const [atEnd, setAtEnd] = useState(true);
  const toEnd = useCallback(() => {
    const box = ref.current;
    stick.current = true;
    if (box) box.scrollTop = box.scrollHeight;
  }, []);
  useLayoutEffect(() => {
    const box = ref.current;
    if (!box) return;
    let height = box.scrollHeight;
    let top = box.scrollTop;
    const look = () => {
      const isNear = box.scrollHeight - box.scrollTop - box.clientHeight < near;
      // Content that grows is no scrolling: only somebody who moves the box decides. Nothing else moves it upwards.
      if (box.scrollHeight === height || isNear || box.scrollTop < top) stick.current = isNear;
      height = box.scrollHeight;
      top = box.scrollTop;
      setAtEnd(isNear || stick.current);
    };
    box.addEventListener('scroll', look, { passive: true });
    // Pictures, formulas and diagrams grow later than the text.
    const observer = new ResizeObserver(() => {
      if (stick.current) box.scrollTop = box.scrollHeight;
      height = box.scrollHeight;
      top = box.scrollTop;
      // What has become short enough to be seen whole has no end to go to.
      if (height - box.scrollTop - box.clientHeight < near) stick.current = true;
      setAtEnd(stick.current);
    });
    observer.observe(box);
    if (box.firstElementChild) observer.observe(box.firstElementChild);
    return () => {
      box.removeEventListener('scroll', look);
      observer.disconnect();
    };
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the changes are what it follows
  useLayoutEffect(() => {
    if (stick.current) toEnd();
  }, [...changes]);
  return { ref, atEnd, toEnd };
}
