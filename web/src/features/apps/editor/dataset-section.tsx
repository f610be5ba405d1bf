import { ActionIcon, Button, Collapse, Group, Paper, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconDatabase, IconDatabaseOff, IconPlus, IconTrash } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FoldButton } from '../../../ui/fold-button.tsx';
import { Loading } from '../../../ui/loading.tsx';
import { Section } from '../../../ui/section.tsx';
import { useOnceTrue } from '../../../ui/use-once-true.ts';
import type { AppDetail } from '../queries.ts';
import type { PickedDataset } from './dataset-picker.tsx';
import type { Draft } from './use-draft.ts';

const SearchFields = lazy(async () => ({ default: (await import('./search-fields.tsx')).SearchFields }));
const DatasetPicker = lazy(async () => ({ default: (await import('./dataset-picker.tsx')).DatasetPicker }));

/** What the app answers from, and how it looks there. */
export function DatasetSection({ draft, named }: { draft: Draft; named: AppDetail['datasets'] }) {
  const { t } = useTranslation('apps');
  const [opened, { toggle }] = useDisclosure(false);
  const needed = useOnceTrue(opened);
  const [picking, picker] = useDisclosure(false);
  const [picked, setPicked] = useState<PickedDataset[]>([]);
  const { datasetIds } = draft.settings;
  const names = new Map([...named, ...picked].map(({ datasetId, name }) => [datasetId, name]));
  const choose = (datasets: PickedDataset[]) => {
    setPicked((before) => [...before, ...datasets]);
    draft.change({ datasetIds: datasets.map(({ datasetId }) => datasetId) });
    picker.close();
  };
  return (
    <Section
      title={t('datasets.title')}
      text={t('datasets.text')}
      actions={
        <Button
          variant="light"
          size="xs"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={picker.open}
        >
          {t('datasets.add')}
        </Button>
      }
    >
      <Stack gap="xs">
        {datasetIds.map((id) => (
          <DatasetRow
            key={id}
            name={names.get(id)}
            onRemove={() => draft.change({ datasetIds: datasetIds.filter((other) => other !== id) })}
          />
        ))}
        {datasetIds.length > 0 && (
          <>
            <FoldButton opened={opened} onClick={toggle} controls="search-settings">
              {t('search.title')}
            </FoldButton>
            <Collapse expanded={opened} id="search-settings">
              {needed && (
                <Suspense fallback={<Loading />}>
                  <SearchFields draft={draft} />
                </Suspense>
              )}
            </Collapse>
          </>
        )}
      </Stack>
      <Suspense fallback={null}>
        {picking && (
          <DatasetPicker
            chosen={datasetIds.map((datasetId) => ({ datasetId, name: names.get(datasetId) ?? datasetId }))}
            onChoose={choose}
            onClose={picker.close}
          />
        )}
      </Suspense>
    </Section>
  );
}

function DatasetRow({ name, onRemove }: { name: string | undefined; onRemove: () => void }) {
  const { t } = useTranslation('apps');
  const Icon = name === undefined ? IconDatabaseOff : IconDatabase;
  const shown = name ?? t('datasets.gone');
  return (
    <Paper withBorder px="sm" py={6}>
      <Group wrap="nowrap" gap="xs">
        <Icon size={16} stroke={1.6} aria-hidden />
        <Text size="sm" flex={1} truncate title={shown} {...(name === undefined && { c: 'red' })}>
          {shown}
        </Text>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={t('datasets.remove', { name: shown })}
          onClick={onRemove}
        >
          <IconTrash size={16} aria-hidden />
        </ActionIcon>
      </Group>
    </Paper>
  );
}
