import { Anchor, Badge, Group, Pagination, Stack, Table, Text, UnstyledButton } from '@mantine/core';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { Fragment, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../../ui/format.ts';
import { type EvaluationDetail, type FoundBySetting, pageSize, type QuestionResults } from './queries.ts';

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
      <Table.ScrollContainer minWidth={520}>
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
                      <FoundLists datasetId={datasetId} question={question} evaluation={evaluation} />
                    </Table.Td>
                  </Table.Tr>
                )}
              </Fragment>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
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

function Rank({ result }: { result: FoundBySetting | undefined }) {
  const { t } = useTranslation('quality');
  if (!result) return <Text c="dimmed">…</Text>;
  const { rank } = result;
  const color = rank === null ? 'red' : rank === 1 ? 'teal' : rank <= 3 ? 'lectern' : 'orange';
  const text = result.error
    ? t('results.error')
    : rank === null
      ? t('results.missed')
      : t('results.rank', { rank });
  return (
    <Badge color={color} variant="light" tt="none" c="var(--mantine-color-text)">
      {text}
    </Badge>
  );
}

function FoundLists({
  datasetId,
  question,
  evaluation,
}: Omit<ResultTableProps, 'page' | 'onPage'> & { question: QuestionResults }) {
  const { t } = useTranslation('quality');
  return (
    <Stack gap="sm" pl="lg">
      <Group gap="xl" align="flex-start">
        {question.results.map((result) => (
          <Stack key={result.setting} gap={4} flex="1 1 280px" miw={0}>
            <Text size="xs" fw={600} c="dimmed">
              {evaluation.settings[result.setting]?.name}
            </Text>
            {result.error && <Text size="sm">{result.error}</Text>}
            {result.found.length === 0 && !result.error && <Text size="sm">{t('results.nothing')}</Text>}
            {result.found.map((found, place) => (
              <Group key={found.id} gap={8} wrap="nowrap" align="flex-start">
                <Text size="sm" c="dimmed" w={20} ta="right">
                  {place + 1}
                </Text>
                <Anchor
                  size="sm"
                  truncate
                  fw={found.expected ? 700 : 400}
                  title={`${found.sourceName}: ${found.text ?? ''}`}
                  renderRoot={(props) => (
                    <Link
                      to="/datasets/$datasetId/collections/$collectionId"
                      params={{ datasetId, collectionId: found.collectionId }}
                      search={{ data: found.id }}
                      {...props}
                    />
                  )}
                >
                  {found.text?.replace(/\s+/g, ' ') || found.sourceName}
                </Anchor>
                {found.expected && (
                  <Badge
                    size="sm"
                    style={{ flexShrink: 0 }}
                    color="teal"
                    variant="light"
                    tt="none"
                    c="var(--mantine-color-text)"
                  >
                    {t('results.expected')}
                  </Badge>
                )}
                <Text size="xs" c="dimmed" ml="auto">
                  {formatNumber(found.score, 4)}
                </Text>
              </Group>
            ))}
          </Stack>
        ))}
      </Group>
      <Anchor
        size="sm"
        renderRoot={(props) => (
          <Link
            to="/datasets/$datasetId/search"
            params={{ datasetId }}
            search={{ q: question.question }}
            {...props}
          />
        )}
      >
        {t('questions.try')}
      </Anchor>
    </Stack>
  );
}
