import {
  Anchor,
  Button,
  Checkbox,
  Group,
  NavLink,
  Paper,
  ScrollArea,
  Skeleton,
  Stack,
  Text,
  TextInput,
} from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconChevronRight, IconFolder, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorAlert } from '../../../ui/error-alert.tsx';
import { Modal } from '../../../ui/modal.tsx';
import { ShowMore } from '../../../ui/show-more.tsx';
import { useDrawnPart } from '../../../ui/use-drawn-part.ts';
import { datasetsToPickQuery } from '../queries.ts';

export interface PickedDataset {
  datasetId: string;
  name: string;
}

interface PickerProps {
  chosen: PickedDataset[];
  onChoose: (datasets: PickedDataset[]) => void;
  onClose: () => void;
}

interface Folder {
  id: string | null;
  name: string;
}

/** Goes through the folders of datasets and ticks what the app is to answer from. */
export function DatasetPicker({ chosen, onChoose, onClose }: PickerProps) {
  const { t } = useTranslation(['apps', 'common']);
  const [ticked, setTicked] = useState(chosen);
  const [path, setPath] = useState<Folder[]>([{ id: null, name: t('datasets.all') }]);
  const [text, setText] = useState('');
  const [search] = useDebouncedValue(text.trim(), 250);
  const folder = path.at(-1)?.id ?? null;
  const { data, error } = useQuery(datasetsToPickQuery(folder, search));
  const { part, more } = useDrawnPart(data ?? [], `datasets to pick ${folder} ${search}`);
  const toggle = (dataset: PickedDataset) =>
    setTicked((before) =>
      before.some(({ datasetId }) => datasetId === dataset.datasetId)
        ? before.filter(({ datasetId }) => datasetId !== dataset.datasetId)
        : [...before, dataset],
    );
  return (
    <Modal opened onClose={onClose} title={t('datasets.pick')} size="lg">
      <Stack>
        <TextInput
          type="search"
          aria-label={t('datasets.search')}
          placeholder={t('datasets.search')}
          leftSection={<IconSearch size={16} aria-hidden />}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          data-autofocus
        />
        {search === '' && path.length > 1 && <PickerPath path={path} onGo={setPath} />}
        {error && <ErrorAlert error={error} />}
        <Paper withBorder>
          <ScrollArea.Autosize mah={360}>
            {data === undefined && !error && <Skeleton h={120} m="sm" w="auto" />}
            {part.map(({ _id, name, type }) =>
              type === 'folder' ? (
                <NavLink
                  key={_id}
                  component="button"
                  type="button"
                  label={name}
                  leftSection={<IconFolder size={16} aria-hidden />}
                  rightSection={<IconChevronRight size={14} aria-hidden />}
                  onClick={() => {
                    setText('');
                    setPath([...path, { id: _id, name }]);
                  }}
                />
              ) : (
                <Checkbox
                  key={_id}
                  px="sm"
                  py={8}
                  label={name}
                  checked={ticked.some(({ datasetId }) => datasetId === _id)}
                  onChange={() => toggle({ datasetId: _id, name })}
                />
              ),
            )}
            <ShowMore {...more} />
            {data?.length === 0 && <NothingToPick searched={search !== ''} />}
          </ScrollArea.Autosize>
        </Paper>
        <Group justify="space-between">
          <Text size="sm" c="dimmed">
            {t('datasets.ticked', { count: ticked.length })}
          </Text>
          <Group gap="xs">
            <Button variant="default" onClick={onClose}>
              {t('common:action.cancel')}
            </Button>
            <Button onClick={() => onChoose(ticked)}>{t('datasets.apply')}</Button>
          </Group>
        </Group>
      </Stack>
    </Modal>
  );
}

function PickerPath({ path, onGo }: { path: Folder[]; onGo: (path: Folder[]) => void }) {
  return (
    <Group gap={6}>
      {path.map(({ id, name }, index) => (
        <Anchor
          key={id ?? 'root'}
          component="button"
          type="button"
          size="sm"
          onClick={() => onGo(path.slice(0, index + 1))}
        >
          {index > 0 && '› '}
          {name}
        </Anchor>
      ))}
    </Group>
  );
}

function NothingToPick({ searched }: { searched: boolean }) {
  const { t } = useTranslation('apps');
  return (
    <Stack align="center" gap={4} p="lg">
      <Text size="sm" c="dimmed">
        {t(searched ? 'datasets.notFound' : 'datasets.none')}
      </Text>
      {!searched && (
        <Anchor size="sm" renderRoot={(props) => <Link to="/datasets" {...props} />}>
          {t('datasets.make')}
        </Anchor>
      )}
    </Stack>
  );
}
