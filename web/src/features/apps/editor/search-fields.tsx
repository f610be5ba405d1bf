import { Box, NumberInput, SegmentedControl, Slider, Stack, Switch, Text, Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../../../ui/format.ts';
import { Select } from '../../../ui/select.tsx';
import type { SearchSettings } from '../document/settings.ts';
import { myModelsQuery } from '../queries.ts';
import type { Draft } from './use-draft.ts';

const modes = ['mixedRecall', 'embedding', 'fullTextRecall'] as const;

/** How passages are looked for, for those who want it otherwise than it comes. */
export function SearchFields({ draft }: { draft: Draft }) {
  const { t } = useTranslation('apps');
  const { search } = draft.settings;
  const change = (changes: Partial<SearchSettings>) => draft.change({ search: { ...search, ...changes } });
  const keywordsOnly = search.mode === 'fullTextRecall';
  return (
    <Stack gap="md" pt="xs">
      <Box>
        <Text size="sm" fw={500} mb={4} id="search-mode">
          {t('search.mode')}
        </Text>
        <SegmentedControl
          aria-labelledby="search-mode"
          data={modes.map((value) => ({ value, label: t(`search.modes.${value}`) }))}
          value={search.mode}
          onChange={(value) => change({ mode: value })}
        />
        <Text size="xs" c="dimmed" mt={4}>
          {t(`search.modeHint.${search.mode}`)}
        </Text>
      </Box>
      <Box>
        <Text size="sm" fw={500} id="search-similarity">
          {t('search.similarity', { value: formatNumber(search.similarity, 2) })}
        </Text>
        <Text size="xs" c="dimmed" mb={4}>
          {t(keywordsOnly && !search.reRank ? 'search.similarityOff' : 'search.similarityHint')}
        </Text>
        <Slider
          aria-labelledby="search-similarity"
          thumbProps={{ 'aria-labelledby': 'search-similarity' }}
          min={0}
          max={1}
          step={0.05}
          label={(value) => formatNumber(value, 2)}
          value={search.similarity}
          onChange={(similarity) => change({ similarity })}
          disabled={keywordsOnly && !search.reRank}
          maw={420}
        />
      </Box>
      <NumberInput
        label={t('search.limit')}
        description={t('search.limitHint')}
        min={100}
        max={100_000}
        step={500}
        allowDecimal={false}
        value={search.limit}
        onChange={(value) => typeof value === 'number' && change({ limit: value })}
        maw={420}
      />
      <RerankField search={search} onChange={change} />
      <ExtensionField search={search} onChange={change} />
    </Stack>
  );
}

interface FieldProps {
  search: SearchSettings;
  onChange: (changes: Partial<SearchSettings>) => void;
}

function RerankField({ search, onChange }: FieldProps) {
  const { t } = useTranslation('apps');
  const { data: models } = useQuery(myModelsQuery('rerank'));
  const none = models?.length === 0;
  return (
    <Stack gap="xs">
      <Switch
        label={t('search.reRank')}
        description={t(none ? 'search.noReRank' : 'search.reRankHint')}
        checked={search.reRank}
        // What is on can be switched off, also where no model is left for it.
        disabled={none === true && !search.reRank}
        onChange={(event) => onChange({ reRank: event.currentTarget.checked })}
      />
      {search.reRank && models && models.length > 0 && (
        <ModelSelect
          label={t('search.reRankModel')}
          models={models}
          value={search.rerankModel}
          onChange={(rerankModel) => onChange({ rerankModel })}
        />
      )}
    </Stack>
  );
}

function ExtensionField({ search, onChange }: FieldProps) {
  const { t } = useTranslation('apps');
  const { data: models } = useQuery(myModelsQuery('llm'));
  const writers = models?.filter(({ provider }) => provider !== 'builtin');
  const none = writers?.length === 0;
  return (
    <Stack gap="xs">
      <Switch
        label={t('search.extension')}
        description={t(none ? 'search.noExtension' : 'search.extensionHint')}
        checked={search.extension}
        disabled={none === true && !search.extension}
        onChange={(event) => onChange({ extension: event.currentTarget.checked })}
      />
      {search.extension && writers && writers.length > 0 && (
        <>
          <ModelSelect
            label={t('search.extensionModel')}
            models={writers}
            value={search.extensionModel}
            onChange={(extensionModel) => onChange({ extensionModel })}
          />
          <Textarea
            label={t('search.background')}
            description={t('search.backgroundHint')}
            autosize
            minRows={2}
            maxRows={6}
            value={search.extensionBackground}
            onChange={(event) => onChange({ extensionBackground: event.currentTarget.value })}
            maw={520}
          />
        </>
      )}
    </Stack>
  );
}

interface ModelSelectProps {
  label: string;
  models: { model: string; name: string }[];
  value: string;
  onChange: (model: string) => void;
}

function ModelSelect({ label, models, value, onChange }: ModelSelectProps) {
  const { t } = useTranslation('apps');
  return (
    <Select
      label={label}
      data={[
        { value: '', label: t('model.default', { name: models[0]?.name ?? '' }) },
        ...models.map(({ model, name }) => ({ value: model, label: name })),
      ]}
      value={value}
      onChange={(chosen) => onChange(chosen ?? '')}
      allowDeselect={false}
      maw={420}
    />
  );
}
