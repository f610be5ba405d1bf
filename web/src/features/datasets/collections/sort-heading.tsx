import { Group, Table, UnstyledButton } from '@mantine/core';
import { IconArrowDown, IconArrowsSort, IconArrowUp } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { CollectionsSort } from '../queries.ts';

interface SortHeadingProps {
  /** By this first, and turned around when it is chosen again; undefined is the order when nothing is said. */
  sorts: readonly [CollectionsSort | undefined, CollectionsSort];
  right?: boolean;
  visibleFrom?: 'sm';
  children: ReactNode;
}

const ascending = new Set<CollectionsSort | undefined>(['name', 'sizeAsc', 'oldest']);

/** The heading of a column that the list can be sorted by, which is done by the server. */
export function SortHeading({ sorts: [first, turned], right, visibleFrom, children }: SortHeadingProps) {
  const search = useSearch({ from: '/shell/datasets/$datasetId/' });
  const navigate = useNavigate({ from: '/datasets/$datasetId' });
  const { sort, page: _, ...kept } = search;
  const active = sort === first || sort === turned;
  const up = ascending.has(sort);
  const Icon = active ? (up ? IconArrowUp : IconArrowDown) : IconArrowsSort;
  const next = sort === first ? turned : first;
  return (
    <Table.Th
      miw={90}
      aria-sort={active ? (up ? 'ascending' : 'descending') : 'none'}
      style={{ whiteSpace: 'nowrap' }}
      {...(visibleFrom && { visibleFrom })}
    >
      <UnstyledButton
        w="100%"
        fz="inherit"
        fw="inherit"
        onClick={() => void navigate({ search: { ...kept, ...(next && { sort: next }) }, replace: true })}
      >
        <Group gap={4} wrap="nowrap" justify={right ? 'flex-end' : 'flex-start'}>
          {children}
          <Icon size={14} stroke={1.6} aria-hidden opacity={active ? 1 : 0.4} />
        </Group>
      </UnstyledButton>
    </Table.Th>
  );
}
