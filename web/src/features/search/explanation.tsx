import { Accordion, Badge, Group, Stack, Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../../ui/format.ts';
import { TableScroll } from '../../ui/table-scroll.tsx';
import type { Explanation as Explained, Stage } from './queries.ts';

/** Candidates of a stage that are listed; the rest is only counted. */
const mostListed = 30;

type Passages = Map<string, Explained['passages'][number]>;

/** What every stage of a search found, scored and left out, in the order in which they ended. */
export function Explanation({ explain }: { explain: Explained }) {
  const { t } = useTranslation('search');
  const passages: Passages = new Map(explain.passages.map((passage) => [passage.id, passage]));
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        {t('explain.text')}
      </Text>
      <Accordion variant="separated" multiple order={3}>
        {explain.stages.map((stage, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a stage is known by its place, and can run twice
          <Accordion.Item key={place} value={String(place)}>
            <Accordion.Control>
              <StageLine stage={stage} />
            </Accordion.Control>
            <Accordion.Panel>
              <StageDetail stage={stage} passages={passages} />
            </Accordion.Panel>
          </Accordion.Item>
        ))}
      </Accordion>
    </Stack>
  );
}

function StageLine({ stage }: { stage: Stage }) {
  const { t } = useTranslation('search');
  const count = stage.lists ? (stage.lists[0]?.length ?? 0) : stage.candidates?.length;
  return (
    <Group justify="space-between" gap="xs" pr="xs">
      <Text size="sm" fw={600}>
        {t(`stage.${stage.stage}`)}
      </Text>
      <Group gap={6}>
        {count !== undefined && (
          <Badge variant="light" color="gray" tt="none" fw={500}>
            {t('explain.candidates', { count, number: formatNumber(count) })}
          </Badge>
        )}
        {stage.dropped && stage.dropped.length > 0 && (
          <Badge variant="light" color="orange" tt="none" fw={500} c="var(--mantine-color-text)">
            {t('explain.dropped', { count: stage.dropped.length })}
          </Badge>
        )}
        <Text size="xs" c="dimmed" miw={64} ta="right">
          {t('explain.ms', { ms: formatNumber(stage.ms, 1) })}
        </Text>
      </Group>
    </Group>
  );
}

function StageDetail({ stage, passages }: { stage: Stage; passages: Passages }) {
  const { t } = useTranslation('search');
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        {t(`stage.${stage.stage}Text`)}
      </Text>
      <Group gap="lg">
        {stage.model && <Fact label={t('model')} value={stage.model} />}
        {stage.tokens !== undefined && (
          <Fact label={t('explain.tokens')} value={formatNumber(stage.tokens)} />
        )}
      </Group>
      {stage.queries?.map((query) => (
        <Text key={query} size="sm">
          “{query}”
        </Text>
      ))}
      {stage.lists?.map((list, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a list is known by the wording at its place
        <Candidates key={place} list={list} passages={passages} />
      ))}
      {stage.candidates && stage.candidates.length > 0 && (
        <Candidates list={stage.candidates} passages={passages} />
      )}
      {stage.dropped && stage.dropped.length > 0 && (
        <DroppedList dropped={stage.dropped} passages={passages} />
      )}
    </Stack>
  );
}

function Fact({ label, value }: { label: string; value: string }) {
  return (
    <Text size="sm">
      <Text span inherit c="dimmed" mr={6}>
        {label}
      </Text>
      {value}
    </Text>
  );
}

function Candidates({ list, passages }: { list: { id: string; score?: number }[]; passages: Passages }) {
  const { t } = useTranslation('search');
  if (list.length === 0) return <Text size="sm">{t('explain.nothing')}</Text>;
  const scored = list.some(({ score }) => score !== undefined);
  return (
    <TableScroll minWidth={320}>
      <Table verticalSpacing={4} fz="sm" layout="fixed">
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={40} ta="right">
              #
            </Table.Th>
            <Table.Th>{t('explain.passage')}</Table.Th>
            {scored && (
              <Table.Th w={90} ta="right">
                {t('explain.score')}
              </Table.Th>
            )}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {list.slice(0, mostListed).map(({ id, score }, place) => (
            <Table.Tr key={id}>
              <Table.Td ta="right">{place + 1}</Table.Td>
              <Table.Td>
                <PassageLine id={id} passages={passages} />
              </Table.Td>
              {scored && <Table.Td ta="right">{score === undefined ? '' : formatNumber(score, 4)}</Table.Td>}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {list.length > mostListed && (
        <Text size="xs" c="dimmed" mt={4}>
          {t('explain.more', { count: list.length - mostListed })}
        </Text>
      )}
    </TableScroll>
  );
}

function DroppedList({ dropped, passages }: { dropped: NonNullable<Stage['dropped']>; passages: Passages }) {
  const { t } = useTranslation('search');
  return (
    <Stack gap={6}>
      <Text size="sm" fw={600}>
        {t('explain.droppedTitle')}
      </Text>
      {dropped.slice(0, mostListed).map(({ id, reason }) => (
        <div key={id}>
          <PassageLine id={id} passages={passages} />
          <Text size="xs" c="dimmed">
            {reason}
          </Text>
        </div>
      ))}
      {dropped.length > mostListed && (
        <Text size="xs" c="dimmed">
          {t('explain.more', { count: dropped.length - mostListed })}
        </Text>
      )}
    </Stack>
  );
}

function PassageLine({ id, passages }: { id: string; passages: Passages }) {
  const passage = passages.get(id);
  const text = passage ? passage.text.replace(/\s+/g, ' ') : id;
  return (
    <Text size="sm" truncate title={passage ? `${passage.sourceName}: ${text}` : id}>
      {text}
    </Text>
  );
}
