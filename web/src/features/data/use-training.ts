import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { trainingQuery } from './queries.ts';

/** How far the import of a collection is. What is shown of the collection is read again as it moves on. */
export function useTraining(collectionId: string) {
  const queries = useQueryClient();
  const { data: training } = useQuery(trainingQuery(collectionId));
  const stand = training && `${training.trainedCount} ${training.progress?.state}`;
  const seen = useRef(stand);
  useEffect(() => {
    if (stand === undefined || seen.current === stand) return;
    // The collection was read before this, and may have changed since.
    const parts = seen.current === undefined ? ['collection'] : ['collection', 'items', 'failed'];
    seen.current = stand;
    for (const part of parts) void queries.invalidateQueries({ queryKey: ['data', part, collectionId] });
  }, [stand, collectionId, queries]);
  return training;
}
