import { useDebouncedCallback } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';

/** How long nothing is typed before it is looked for, in milliseconds. */
const settledMs = 250;

/**
 * The text of a search field that stands in the address, too: what is typed goes there after a moment, an empty
 * field at once; and where the address changes otherwise, the field follows.
 * @param found what the address says is looked for
 * @param onFind takes what is looked for now, without spaces around it
 */
export function useFindField(found: string, onFind: (text: string) => void) {
  const [text, setText] = useState(found);
  const known = useRef(found);
  const find = (next: string) => {
    known.current = next.trim();
    onFind(known.current);
  };
  const soon = useDebouncedCallback(find, settledMs);
  useEffect(() => {
    // What was typed here has arrived there.
    if (found === known.current) return;
    known.current = found;
    soon.cancel();
    setText(found);
  }, [found, soon]);
  const change = (next: string) => {
    setText(next);
    if (next !== '') return soon(next);
    soon.cancel();
    find('');
  };
  return { text, change };
}
