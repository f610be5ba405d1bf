import { useMutation } from '@tanstack/react-query';
import { useRef } from 'react';
import { api } from '../../api/client.ts';
import type { SearchAnswer } from './queries.ts';
import { type SearchSettings, searchRequest } from './settings.ts';

/** What one of the settings found, or why not. */
export type Outcome = { answer: SearchAnswer } | { error: unknown };

export interface Asked {
  question: string;
  /** One, or two to be compared. */
  sides: SearchSettings[];
}

/** Asks a dataset with one or two settings at once; a newer question takes the place of one that still runs. */
export function useSearch(datasetId: string) {
  const running = useRef<AbortController | undefined>(undefined);
  return useMutation({
    mutationFn: async ({ question, sides }: Asked): Promise<Outcome[]> => {
      running.current?.abort();
      const controller = new AbortController();
      running.current = controller;
      const options = { signal: controller.signal };
      return await Promise.all(
        sides.map((settings) =>
          api.searchTest(searchRequest(datasetId, question, settings), options).then(
            (answer) => ({ answer }),
            (error: unknown) => ({ error }),
          ),
        ),
      );
    },
  });
}
