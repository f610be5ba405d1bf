import { Group, Pagination, Stack, Table, Text, UnstyledButton } from '@mantine/core';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { Fragment, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { TableScroll } from '../../ui/table-scroll.tsx';
import { FoundLists, Rank } from './found-lists.tsx';
import { type EvaluationDetail, pageSize, type QuestionResults } from './queries.ts';

interface ResultTableProps {
  datasetId: string;
  evaluation: EvaluationDetail;
  page: number;
  onPage: (page: number) => void;
}

/** What each setting found for each question, side by side; a row unfolds into the passages. */
export function ResultTable({ datasetId, evaluation, page, onPage }: ResultTableProps) {
  const { t } = useTranslation('quality');
  const [open, setOpen] = useState<string | undefined>();
  const { list, total } = evaluation.results;
  const pages = Math.ceil(total / pageSize);
  if (total === 0) return <Text c="dimmed">{t('results.noneMissed')}</Text>;
  return (
    <Stack gap="sm">
      <TableScroll minWidth={520}>
        <Table verticalSpacing="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('questions.question')}</Table.Th>
              {evaluation.settings.map((setting, place) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a setting is known by its place
                <Table.Th key={place} ta="right" w={200}>
                  {setting.name}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {list.map((question) => (
              <Fragment key={question.questionId}>
                <QuestionRow
                  question={question}
                  settings={evaluation.settings.length}
                  open={open === question.questionId}
                  onToggle={() => setOpen(open === question.questionId ? undefined : question.questionId)}
                />
                {open === question.questionId && (
                  <Table.Tr>
                    <Table.Td colSpan={evaluation.settings.length + 1}>
                      <FoundLists
                        datasetId={datasetId}
                        question={question.question}
                        lists={question.results.map((result) => ({
                          key: String(result.setting),
                          title: evaluation.settings[result.setting]?.name ?? '',
                          result,
                        }))}
                      />
                    </Table.Td>
                  </Table.Tr>
                )}
              </Fragment>
            ))}
          </Table.Tbody>
        </Table>
      </TableScroll>
      {pages > 1 && (
        <Group justify="center">
          <Pagination
            total={pages}
            value={page}
            onChange={onPage}
            getControlProps={(control) => ({ 'aria-label': t(`page.${control}`) })}
          />
        </Group>
      )}
    </Stack>
  );
}

interface QuestionRowProps {
  question: QuestionResults;
  settings: number;
  open: boolean;
  onToggle: () => void;
}

function QuestionRow({ question, settings, open, onToggle }: QuestionRowProps) {
  const Chevron = open ? IconChevronDown : IconChevronRight;
  return (
    <Table.Tr>
      <Table.Td>
        <UnstyledButton onClick={onToggle} aria-expanded={open} w="100%">
          <Group gap={6} wrap="nowrap">
            <Chevron size={16} aria-hidden style={{ flexShrink: 0 }} />
            <Text size="sm">{question.question}</Text>
          </Group>
        </UnstyledButton>
      </Table.Td>
      {Array.from({ length: settings }, (_, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a setting is known by its place
        <Table.Td key={place} ta="right">
          <Rank result={question.results.find(({ setting }) => setting === place)} />
        </Table.Td>
      ))}
    </Table.Tr>
  );
}
