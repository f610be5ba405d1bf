import { useNavigate, useRouter, useRouterState } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import type { CitedPlace } from '../../chat/citations/use-cited.ts';

/**
 * The open source of a chat as a step in the browser's history: the phone's way back closes it and stays in the chat.
 * Closing it by its button takes that step back, too.
 */
export function useCitedPlace(): CitedPlace {
  const navigate = useNavigate();
  const { history } = useRouter();
  const dataId = useRouterState({
    select: ({ location }) => ('source' in location.search ? location.search.source : undefined),
  });
  const stepped = useRouterState({ select: ({ location }) => location.state.openedSource === true });
  const isOpen = dataId !== undefined;
  const open = useCallback(
    (source: string, instead: boolean) =>
      void navigate({
        to: '.',
        search: { source },
        // Another passage beside an open one is no further step.
        replace: instead || isOpen,
        resetScroll: false,
        state: (before) => ({ ...before, openedSource: isOpen ? before.openedSource : true }),
      }),
    [navigate, isOpen],
  );
  const close = useCallback(() => {
    if (stepped) history.back();
    else void navigate({ to: '.', search: {}, replace: true, resetScroll: false });
  }, [stepped, history, navigate]);
  return useMemo(() => ({ dataId, open, close }), [dataId, open, close]);
}
