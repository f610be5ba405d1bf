import { useQueryClient } from '@tanstack/react-query';
import type { Answer } from '../../api/client.ts';
import { type ItemsWanted, itemsQuery, pageSize } from './queries.ts';

/** Ways to the items before and behind the open one; absent at the ends of the collection. */
export interface Neighbours {
  previous?: () => void;
  next?: () => void;
}

interface NeighboursOf {
  wanted: ItemsWanted;
  answer: Answer<'listData'> | undefined;
  current: string | undefined;
  show: (id: string, page: number) => void;
}

/** The items beside the open one, over the ends of the page too. */
export function useNeighbours({ wanted, answer, current, show }: NeighboursOf): Neighbours {
  const queries = useQueryClient();
  const place = answer?.list.findIndex(({ _id }) => _id === current) ?? -1;
  if (!answer || place < 0) return {};
  const pages = Math.ceil(answer.total / pageSize);
  const go = (step: 1 | -1) => {
    const beside = answer.list[place + step];
    if (beside) return () => show(beside._id, wanted.page);
    const page = wanted.page + step;
    if (page < 1 || page > pages) return undefined;
    return async () => {
      const { list } = await queries.fetchQuery(itemsQuery({ ...wanted, page }));
      const first = step > 0 ? list[0] : list.at(-1);
      if (first) show(first._id, page);
    };
  };
  const previous = go(-1);
  const next = go(1);
  return { ...(previous && { previous }), ...(next && { next }) };
}
