import { Button, Group, Pagination, Skeleton, Stack } from '@mantine/core';
import { IconFileOff, IconSearchOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Answer } from '../../api/client.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { ItemCard } from './item-card.tsx';
import { pageSize } from './queries.ts';

interface ItemListProps {
  answer: Answer<'listData'> | undefined;
  error: unknown;
  onRetry: () => void;
  find: string | undefined;
  vectors: boolean;
  active: string | undefined;
  page: number;
  onOpen: (id: string) => void;
  onPage: (page: number) => void;
  onAdd?: () => void;
}

/** The passages of a collection in the order of its document, a page at a time. */
export function ItemList(props: ItemListProps) {
  const { t } = useTranslation(['data', 'common']);
  const { answer, error, page } = props;
  if (error) return <ErrorAlert error={error} onRetry={props.onRetry} />;
  if (!answer)
    return (
      <Stack gap="sm">
        <Skeleton h={110} />
        <Skeleton h={110} />
        <Skeleton h={110} />
      </Stack>
    );
  if (answer.total === 0)
    return props.find ? (
      <EmptyState icon={IconSearchOff} title={t('find.noneTitle')} text={t('find.none')} />
    ) : (
      <EmptyState icon={IconFileOff} title={t('empty.title')} text={t('empty.text')}>
        {props.onAdd && <Button onClick={props.onAdd}>{t('add.open')}</Button>}
      </EmptyState>
    );
  const pages = Math.ceil(answer.total / pageSize);
  return (
    <Stack gap="sm">
      {answer.list.map((item, place) => (
        <ItemCard
          key={item._id}
          item={item}
          number={answer.offset + place + 1}
          vectors={props.vectors}
          active={item._id === props.active}
          onOpen={() => props.onOpen(item._id)}
        />
      ))}
      {pages > 1 && (
        <Group justify="center" mt="sm">
          <Pagination
            total={pages}
            value={page}
            onChange={props.onPage}
            aria-label={t('common:list.page')}
            getControlProps={(control) => ({ 'aria-label': t(`page.${control}`) })}
          />
        </Group>
      )}
    </Stack>
  );
}
