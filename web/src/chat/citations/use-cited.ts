import { useCallback, useState } from 'react';
import type { Message } from '../conversation/messages.ts';
import type { OpenCitation } from './citation-panel.tsx';

/** Where it is kept which passage is open, by its id: in the address, so that the way back closes it. */
export interface CitedPlace {
  dataId: string | undefined;
  /** Opens one; `instead` of the one that is open, as no further step. */
  open: (dataId: string, instead: boolean) => void;
  close: () => void;
}

interface Cited {
  cited: OpenCitation | undefined;
  show: (message: Message, dataId: string) => void;
  move: (dataId: string) => void;
  close: () => void;
}

const holds = (message: Message | undefined, dataId: string) =>
  message?.quotes.some(({ id }) => id === dataId) ?? false;

/** The passage that a reader looks at, in the answer that they came from, else in the latest that rests on it. */
export function useCited(messages: readonly Message[], place: CitedPlace | undefined): Cited {
  const [own, setOwn] = useState<string>();
  const [from, setFrom] = useState<Message>();
  const { dataId, open, close } = place ?? {
    dataId: own,
    open: setOwn,
    close: () => setOwn(undefined),
  };
  const message =
    dataId === undefined
      ? undefined
      : holds(from, dataId)
        ? from
        : messages.findLast((each) => holds(each, dataId));
  const show = useCallback(
    (of: Message, id: string) => {
      setFrom(of);
      open(id, false);
    },
    [open],
  );
  return {
    cited: message && dataId !== undefined ? { message, dataId } : undefined,
    show,
    move: (id) => open(id, true),
    close,
  };
}
