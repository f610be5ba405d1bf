import { ActionIcon, Button, Card, Checkbox, Group, Input, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch, IconX } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { Select } from '../../ui/select.tsx';
import { useGone } from '../../ui/use-deletions.ts';
import { withoutPictures } from '../data/picture-references.ts';
import { collectionsQuery } from '../search/queries.ts';
import type { Expected } from './queries.ts';

interface PickerProps {
  datasetId: string;
  /** What is searched for unless other words are given. */
  question: string;
  expected: Expected[];
  onChange: (expected: Expected[]) => void;
}

/** Chooses what a search should find: passages that a search brings up, or whole documents. */
export function ExpectedPicker({ datasetId, question, expected, onChange }: PickerProps) {
  const { t } = useTranslation('quality');
  const remove = (id: string) => onChange(expected.filter((one) => one.id !== id));
  const add = (part: Expected) => onChange([...expected.filter((one) => one.id !== part.id), part]);
  return (
    <Input.Wrapper label={t('expected.label')} labelElement="div" description={t('expected.text')}>
      <Stack gap="xs" mt="xs">
        {expected.map((part) => (
          <Card key={part.id} withBorder padding="xs">
            <Group wrap="nowrap" justify="space-between" gap="xs">
              <div style={{ minWidth: 0 }}>
                <Text size="sm" fw={600} truncate title={part.name}>
                  {part.kind === 'collection' ? t('questions.anyOf', { name: part.name }) : part.name}
                </Text>
                {part.text && (
                  <Text size="xs" c="dimmed" lineClamp={2}>
                    {part.text}
                  </Text>
                )}
              </div>
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={t('expected.remove', { name: part.name })}
                onClick={() => remove(part.id)}
              >
                <IconX size={16} aria-hidden />
              </ActionIcon>
            </Group>
          </Card>
        ))}
        <PassageSearch
          datasetId={datasetId}
          question={question}
          chosen={new Set(expected.map(({ id }) => id))}
          onAdd={add}
          onRemove={remove}
        />
        <WholeDocument datasetId={datasetId} onAdd={add} />
      </Stack>
    </Input.Wrapper>
  );
}

interface PassageSearchProps {
  datasetId: string;
  question: string;
  chosen: ReadonlySet<string>;
  onAdd: (part: Expected) => void;
  onRemove: (id: string) => void;
}

function PassageSearch({ datasetId, question, chosen, onAdd, onRemove }: PassageSearchProps) {
  const { t } = useTranslation('quality');
  const [words, setWords] = useState('');
  const text = words.trim() || question.trim();
  const search = useMutation({
    mutationFn: async (wanted: string) => {
      const { list } = await api.searchTest({
        datasetId,
        text: wanted,
        searchMode: 'mixedRecall',
        limit: 4000,
      });
      return list.slice(0, 15);
    },
  });
  const find = () => text !== '' && search.mutate(text);
  return (
    <Stack gap="xs">
      <Group gap="xs" wrap="nowrap">
        <TextInput
          flex={1}
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.nativeEvent.isComposing) return;
            event.preventDefault();
            find();
          }}
          placeholder={question.trim() || t('expected.placeholder')}
          aria-label={t('expected.placeholder')}
          leftSection={<IconSearch size={16} stroke={1.6} aria-hidden />}
        />
        <Button variant="default" loading={search.isPending} disabled={text === ''} onClick={find}>
          {t('expected.find')}
        </Button>
      </Group>
      {search.error && <ErrorAlert error={search.error} />}
      {search.data?.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('expected.none')}
        </Text>
      )}
      {search.data?.map(({ id, collectionId, sourceName, q, a }) => {
        const start = withoutPictures(`${q}\n${a}`.trim()).slice(0, 300);
        const part: Expected = { id, kind: 'data', collectionId, name: sourceName, text: start };
        return (
          <Checkbox.Card
            key={id}
            checked={chosen.has(id)}
            onChange={(on) => (on ? onAdd(part) : onRemove(id))}
            p="xs"
            aria-label={`${sourceName}: ${start.slice(0, 80)}`}
          >
            <Group wrap="nowrap" align="flex-start" gap="sm">
              <Checkbox.Indicator mt={2} />
              <div style={{ minWidth: 0 }}>
                <Text size="xs" c="dimmed" truncate>
                  {sourceName}
                </Text>
                <Text size="sm" lineClamp={3}>
                  {start}
                </Text>
              </div>
            </Group>
          </Checkbox.Card>
        );
      })}
    </Stack>
  );
}

function WholeDocument({ datasetId, onAdd }: { datasetId: string; onAdd: (part: Expected) => void }) {
  const { t } = useTranslation('quality');
  const [find, setFind] = useState('');
  const [wanted] = useDebouncedValue(find, 250);
  const gone = useGone();
  const { data: found = [] } = useQuery(collectionsQuery(datasetId, wanted));
  const collections = found.filter(({ _id }) => !gone.has(_id));
  return (
    <Select
      placeholder={t('expected.document')}
      aria-label={t('expected.document')}
      data={collections
        .filter(({ type }) => type !== 'folder')
        .map(({ _id, name }) => ({ value: _id, label: name }))}
      value={null}
      searchable
      searchValue={find}
      onSearchChange={setFind}
      nothingFoundMessage={t('expected.noDocument')}
      onChange={(id) => {
        const chosen = collections.find(({ _id }) => _id === id);
        if (chosen)
          onAdd({ id: chosen._id, kind: 'collection', collectionId: chosen._id, name: chosen.name });
        setFind('');
      }}
    />
  );
}
