import {
  Box,
  Input,
  NumberInput,
  SegmentedControl,
  SimpleGrid,
  Slider,
  Stack,
  Switch,
  Text,
  Textarea,
} from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatNumber, formatPercent } from '../../ui/format.ts';
import { MultiSelect } from '../../ui/multi-select.tsx';
import { Select } from '../../ui/select.tsx';
import { useGone } from '../../ui/use-deletions.ts';
import { collectionsQuery, type Model, tagsQuery } from './queries.ts';
import { possible, type SearchAbilities, type SearchMode, type SearchSettings } from './settings.ts';

/** The models that settings may name. */
export interface SearchModels {
  rerank: Model[];
  llm: Model[];
}

interface SettingsFormProps {
  datasetId: string;
  settings: SearchSettings;
  can: SearchAbilities;
  models: SearchModels;
  /** Whether the search can be narrowed to some collections. */
  filter?: boolean;
  onChange: (settings: SearchSettings) => void;
}

/** All settings of a search. What cannot be done here is not offered, and says why. */
export function SettingsForm({
  datasetId,
  settings,
  can,
  models,
  filter = true,
  onChange,
}: SettingsFormProps) {
  const { t } = useTranslation('search');
  const set = (change: Partial<SearchSettings>) => onChange({ ...settings, ...change });
  const { mode } = possible(settings, can);
  const modes: SearchMode[] = ['mixedRecall', 'embedding', 'fullTextRecall'];
  return (
    <Stack gap="md">
      <Input.Wrapper
        label={t('mode.label')}
        description={t(can.vectors ? `mode.${mode}Text` : 'mode.wordsOnly')}
      >
        <SegmentedControl
          fullWidth
          mt={6}
          value={mode}
          onChange={(value) => set({ mode: modes.find((each) => each === value) ?? 'mixedRecall' })}
          data={modes.map((value) => ({
            value,
            label: t(`mode.${value}`),
            disabled: !can.vectors && value !== 'fullTextRecall',
          }))}
          aria-label={t('mode.label')}
        />
      </Input.Wrapper>
      {mode === 'mixedRecall' && (
        <Share
          label={t('weight.label')}
          value={settings.weight}
          text={t('weight.value', {
            meaning: formatPercent(settings.weight),
            words: formatPercent(1 - settings.weight),
          })}
          onChange={(weight) => set({ weight })}
        />
      )}
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md">
        <NumberInput
          label={t('limit.label')}
          description={t('limit.text')}
          value={settings.limit}
          min={100}
          max={20_000}
          step={500}
          thousandSeparator=","
          onChange={(value) => set({ limit: Math.max(1, Math.round(Number(value)) || 5000) })}
        />
        <Share
          label={t('similarity.label')}
          description={t('similarity.text')}
          value={settings.similarity}
          text={settings.similarity === 0 ? t('similarity.all') : formatNumber(settings.similarity, 2)}
          onChange={(similarity) => set({ similarity })}
        />
      </SimpleGrid>
      <RerankFields settings={settings} can={can} models={models.rerank} onChange={set} />
      <ExtensionFields settings={settings} can={can} models={models.llm} onChange={set} />
      {filter && <FilterFields datasetId={datasetId} settings={settings} onChange={set} />}
    </Stack>
  );
}

interface ShareProps {
  label: string;
  description?: string;
  value: number;
  text: string;
  onChange: (value: number) => void;
}

function Share({ label, description, value, text, onChange }: ShareProps) {
  const id = useId();
  return (
    <Input.Wrapper
      label={
        <Box component="span" id={id}>
          {label}
        </Box>
      }
      labelElement="div"
      {...(description && { description })}
    >
      <Text size="sm" ta="right" mt={description ? 2 : -20} aria-hidden>
        {text}
      </Text>
      <Slider
        min={0}
        max={1}
        step={0.01}
        value={value}
        onChange={onChange}
        label={null}
        thumbProps={{ 'aria-labelledby': id, 'aria-valuetext': text }}
        mt={4}
      />
    </Input.Wrapper>
  );
}

type Fields = Pick<SettingsFormProps, 'settings' | 'can'> & {
  models: Model[];
  onChange: (change: Partial<SearchSettings>) => void;
};

const choices = (models: readonly Model[]) =>
  models.map(({ model, name }) => ({ value: model, label: name }));

function RerankFields({ settings, can, models, onChange }: Fields) {
  const { t } = useTranslation('search');
  const on = settings.rerank && can.rerank;
  return (
    <Stack gap="xs">
      <Switch
        label={t('rerank.label')}
        description={t(can.rerank ? 'rerank.text' : 'rerank.missing')}
        checked={on}
        disabled={!can.rerank}
        onChange={(event) => onChange({ rerank: event.currentTarget.checked })}
      />
      {on && (
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md" pl={{ base: 0, xs: 48 }}>
          <Select
            label={t('model')}
            data={choices(models)}
            value={settings.rerankModel || (models[0]?.model ?? null)}
            onChange={(value) => onChange({ rerankModel: value ?? '' })}
            allowDeselect={false}
          />
          <Share
            label={t('rerank.weight')}
            value={settings.rerankWeight}
            text={formatPercent(settings.rerankWeight)}
            onChange={(rerankWeight) => onChange({ rerankWeight })}
          />
        </SimpleGrid>
      )}
    </Stack>
  );
}

function ExtensionFields({ settings, can, models, onChange }: Fields) {
  const { t } = useTranslation('search');
  const on = settings.extension && can.extension;
  return (
    <Stack gap="xs">
      <Switch
        label={t('extension.label')}
        description={t(can.extension ? 'extension.text' : 'extension.missing')}
        checked={on}
        disabled={!can.extension}
        onChange={(event) => onChange({ extension: event.currentTarget.checked })}
      />
      {on && (
        <Stack gap="sm" pl={{ base: 0, xs: 48 }}>
          <Select
            label={t('model')}
            data={choices(models)}
            value={settings.extensionModel || (models[0]?.model ?? null)}
            onChange={(value) => onChange({ extensionModel: value ?? '' })}
            allowDeselect={false}
          />
          <Textarea
            label={t('extension.background')}
            description={t('extension.backgroundText')}
            autosize
            minRows={2}
            maxRows={6}
            value={settings.background}
            onChange={(event) => onChange({ background: event.currentTarget.value })}
          />
        </Stack>
      )}
    </Stack>
  );
}

function FilterFields({
  datasetId,
  settings,
  onChange,
}: Omit<Fields, 'can' | 'models'> & { datasetId: string }) {
  const { t } = useTranslation('search');
  const [find, setFind] = useState('');
  const [wanted] = useDebouncedValue(find, 250);
  const { data: tags = [] } = useQuery(tagsQuery(datasetId));
  const gone = useGone();
  const { data: found = [] } = useQuery(collectionsQuery(datasetId, wanted));
  const collections = found.filter(({ _id }) => !gone.has(_id));
  const known = new Map(collections.map(({ _id, name }) => [_id, name]));
  // What was chosen stays among the choices, also where another word is looked for.
  const options = [
    ...collections.map(({ _id, name }) => ({ value: _id, label: name })),
    ...settings.collectionIds
      .filter((id) => !known.has(id))
      .map((id) => ({ value: id, label: id.slice(-6) })),
  ];
  return (
    <SimpleGrid cols={{ base: 1, xs: tags.length > 0 ? 2 : 1 }} spacing="md">
      <MultiSelect
        label={t('filter.collections')}
        placeholder={settings.collectionIds.length === 0 ? t('filter.all') : ''}
        data={options}
        value={settings.collectionIds}
        onChange={(collectionIds) => onChange({ collectionIds })}
        searchable
        clearable
        hidePickedOptions
        searchValue={find}
        onSearchChange={setFind}
        nothingFoundMessage={t('filter.none')}
      />
      {(tags.length > 0 || settings.tags.length > 0) && (
        <MultiSelect
          label={t('filter.tags')}
          placeholder={settings.tags.length === 0 ? t('filter.all') : ''}
          data={[...new Set([...tags.map(({ tag }) => tag), ...settings.tags])]}
          value={settings.tags}
          onChange={(value) => onChange({ tags: value })}
          searchable
          clearable
          hidePickedOptions
        />
      )}
    </SimpleGrid>
  );
}
