import {
  ActionIcon,
  Anchor,
  Badge,
  Button,
  Group,
  Pagination,
  Skeleton,
  Stack,
  Table,
  Text,
  TextInput,
} from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import {
  IconBookmarks,
  IconFileImport,
  IconPencil,
  IconPlus,
  IconSearch,
  IconTrash,
  IconZoomQuestion,
} from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { lazy, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import { confirmDelete } from '../../ui/confirm-delete.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { IconAction } from '../../ui/icon-action.tsx';
import { OnceOpened } from '../../ui/modal.tsx';
import { notifyDone, notifyError } from '../../ui/notify.ts';
import { OfBefore } from '../../ui/of-before.tsx';
import { TableScroll } from '../../ui/table-scroll.tsx';
import { Tooltip } from '../../ui/tooltip.tsx';
import { lastPage, useLastPage } from '../../ui/use-last-page.ts';
import { usePhone } from '../../ui/use-phone.ts';
import { pageSize, questionsQuery, type SavedQuestion } from './queries.ts';

const ImportQuestions = lazy(async () => ({
  default: (await import('./import-questions.tsx')).ImportQuestions,
}));
const QuestionDrawer = lazy(async () => ({
  default: (await import('./question-drawer.tsx')).QuestionDrawer,
}));

/** The questions of a dataset with what should be found for them. */
export function QuestionTable({ datasetId, mayEdit }: { datasetId: string; mayEdit: boolean }) {
  const { t } = useTranslation(['quality', 'common']);
  const [find, setFind] = useState('');
  const [wanted] = useDebouncedValue(find.trim(), 250);
  const [page, setPage] = useState(1);
  const [edited, edit] = useState<SavedQuestion | 'new' | undefined>();
  const [importing, setImporting] = useState(false);
  const questions = useQuery(questionsQuery(datasetId, wanted, page));
  const { data, error, refetch, isPlaceholderData } = questions;
  useLastPage(questions, { page, perPage: pageSize, onPage: setPage });
  const pages = lastPage(data?.total ?? 0, pageSize);
  const add = (
    <Button leftSection={<IconPlus size={16} stroke={1.6} aria-hidden />} onClick={() => edit('new')}>
      {t('questions.add')}
    </Button>
  );
  const bring = (
    <Button
      variant="default"
      leftSection={<IconFileImport size={16} stroke={1.6} aria-hidden />}
      onClick={() => setImporting(true)}
    >
      {t('questions.import')}
    </Button>
  );
  const empty = data?.total === 0 && wanted === '';
  return (
    <Stack gap="sm">
      {!empty && (
        <Group justify="space-between" gap="sm">
          <TextInput
            flex="1 1 220px"
            maw={420}
            value={find}
            onChange={(event) => {
              setFind(event.currentTarget.value);
              setPage(1);
            }}
            placeholder={t('questions.find')}
            aria-label={t('questions.find')}
            leftSection={<IconSearch size={16} stroke={1.6} aria-hidden />}
          />
          {mayEdit && (
            <Group gap="xs">
              {bring}
              {add}
            </Group>
          )}
        </Group>
      )}
      {error && <ErrorAlert error={error} onRetry={refetch} />}
      {!data && !error && <Skeleton h={220} />}
      {empty && (
        <EmptyState icon={IconBookmarks} title={t('questions.emptyTitle')} text={t('questions.emptyText')}>
          {mayEdit && (
            <Group gap="xs">
              {bring}
              {add}
            </Group>
          )}
        </EmptyState>
      )}
      {data?.total === 0 && !empty && <Text c="dimmed">{t('questions.none')}</Text>}
      {data && data.total > 0 && (
        <OfBefore when={isPlaceholderData}>
          <Rows questions={data.list} datasetId={datasetId} {...(mayEdit && { onEdit: edit })} />
        </OfBefore>
      )}
      {pages > 1 && (
        <Group justify="center">
          <Pagination
            total={pages}
            value={page}
            onChange={setPage}
            getControlProps={(control) => ({ 'aria-label': t(`page.${control}`) })}
          />
        </Group>
      )}
      <OnceOpened opened={edited !== undefined}>
        <QuestionDrawer datasetId={datasetId} edited={edited} onClose={() => edit(undefined)} />
      </OnceOpened>
      <OnceOpened opened={importing}>
        <ImportQuestions datasetId={datasetId} opened={importing} onClose={() => setImporting(false)} />
      </OnceOpened>
    </Stack>
  );
}

interface RowsProps {
  questions: SavedQuestion[];
  datasetId: string;
  onEdit?: (question: SavedQuestion) => void;
}

function Rows({ questions, datasetId, onEdit }: RowsProps) {
  const { t } = useTranslation('quality');
  const phone = usePhone();
  return (
    <TableScroll minWidth={phone ? 0 : 640}>
      <Table verticalSpacing="sm" highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={phone ? '100%' : '42%'}>{t('questions.question')}</Table.Th>
            <Table.Th visibleFrom="sm">{t('questions.expected')}</Table.Th>
            <Table.Th w={120} ta="right">
              {t('questions.actions')}
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {questions.map((question) => (
            <Table.Tr key={question._id}>
              <Table.Td style={{ verticalAlign: 'top' }}>
                <Text size="sm">{question.question}</Text>
                <Group gap={6} mt={4}>
                  {question.source !== 'hand' && (
                    <Badge size="sm" variant="light" color="gray" tt="none">
                      {t(`source.${question.source}`)}
                    </Badge>
                  )}
                  {question.note && (
                    <Text size="xs" c="dimmed">
                      {question.note}
                    </Text>
                  )}
                </Group>
                {phone && <ExpectedCell question={question} />}
              </Table.Td>
              <Table.Td style={{ verticalAlign: 'top' }} visibleFrom="sm">
                <ExpectedCell question={question} />
              </Table.Td>
              <Table.Td style={{ verticalAlign: 'top' }}>
                <Group gap={2} justify="flex-end" wrap="nowrap">
                  <Tooltip label={t('questions.try')}>
                    <ActionIcon
                      variant="subtle"
                      color="gray"
                      aria-label={t('questions.try')}
                      renderRoot={(props) => (
                        <Link
                          to="/datasets/$datasetId/search"
                          params={{ datasetId }}
                          search={{ q: question.question }}
                          {...props}
                        />
                      )}
                    >
                      <IconZoomQuestion size={18} stroke={1.6} aria-hidden />
                    </ActionIcon>
                  </Tooltip>
                  {onEdit && <EditActions question={question} onEdit={() => onEdit(question)} />}
                </Group>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </TableScroll>
  );
}

function EditActions({ question, onEdit }: { question: SavedQuestion; onEdit: () => void }) {
  const { t } = useTranslation(['quality', 'common']);
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () => api.deleteSavedQuestion({ id: question._id }),
    onSuccess: async () => {
      notifyDone(t('common:state.deleted', { name: question.question }));
      await queries.invalidateQueries({ queryKey: ['quality', 'questions'] });
    },
    onError: notifyError,
  });
  return (
    <>
      <IconAction label={t('common:action.edit')} icon={IconPencil} onClick={onEdit} />
      <IconAction
        label={t('common:action.delete')}
        icon={IconTrash}
        color="red"
        loading={remove.isPending}
        onClick={() =>
          confirmDelete({
            name: question.question,
            text: t('questions.deleteText'),
            onConfirm: () => remove.mutate(),
          })
        }
      />
    </>
  );
}

/** Expected things that are listed in a row; the rest is counted. */
const mostShown = 3;

function ExpectedCell({ question }: { question: SavedQuestion }) {
  const { t } = useTranslation('quality');
  const { expected, datasetId } = question;
  const ids = question.expectedDataIds.length + question.expectedCollectionIds.length;
  const gone = ids - expected.length;
  if (ids === 0)
    return (
      <Badge color="orange" variant="light" tt="none" c="var(--mantine-color-text)">
        {t('questions.nothing')}
      </Badge>
    );
  return (
    <Stack gap={6}>
      {expected.slice(0, mostShown).map((part) => (
        <div key={part.id}>
          <Anchor
            size="sm"
            lineClamp={1}
            title={part.name}
            renderRoot={(props) => (
              <Link
                to="/datasets/$datasetId/collections/$collectionId"
                params={{ datasetId, collectionId: part.collectionId }}
                search={part.kind === 'data' ? { data: part.id } : {}}
                {...props}
              />
            )}
          >
            {part.kind === 'collection' ? t('questions.anyOf', { name: part.name }) : part.name}
          </Anchor>
          {part.text && (
            <Text size="xs" c="dimmed" lineClamp={2}>
              {part.text}
            </Text>
          )}
        </div>
      ))}
      {expected.length > mostShown && (
        <Text size="xs" c="dimmed">
          {t('questions.more', { count: expected.length - mostShown })}
        </Text>
      )}
      {gone > 0 && (
        <Text size="xs" fw={600}>
          {t('questions.gone', { count: gone })}
        </Text>
      )}
    </Stack>
  );
}
