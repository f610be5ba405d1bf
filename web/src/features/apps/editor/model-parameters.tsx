import { SimpleGrid } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { OptionalNumber } from './optional-number.tsx';
import type { Draft } from './use-draft.ts';

/** How freely the model answers, and how much. `maxResponse` = tokens that it can write at most. */
export function ModelParameters({ draft, maxResponse = 1_000_000 }: { draft: Draft; maxResponse?: number }) {
  const { t } = useTranslation('apps');
  const { temperature, maxTokens, history } = draft.settings;
  return (
    <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="md">
      <OptionalNumber
        label={t('model.temperature')}
        description={t('model.temperatureHint')}
        placeholder={t('model.ofModel')}
        value={temperature}
        onChange={(value) => draft.change({ temperature: value })}
        min={0}
        max={10}
        step={0.5}
      />
      <OptionalNumber
        label={t('model.maxTokens')}
        description={t('model.maxTokensHint')}
        placeholder={t('model.ofModel')}
        value={maxTokens}
        onChange={(value) => draft.change({ maxTokens: value })}
        min={1}
        max={maxResponse}
        step={100}
        whole
      />
      <OptionalNumber
        label={t('model.history')}
        description={t('model.historyHint')}
        placeholder="6"
        value={history}
        onChange={(value) => draft.change({ history: value ?? 6 })}
        min={0}
        max={100}
        whole
      />
    </SimpleGrid>
  );
}
