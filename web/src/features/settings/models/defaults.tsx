import { SimpleGrid } from '@mantine/core';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '../../../api/client.ts';
import { initQuery } from '../../../api/init.ts';
import { Select } from '../../../ui/select.tsx';
import type { Model } from '../queries.ts';
import { useModelsChange } from './use-models-change.ts';

const purposes = [
  { purpose: 'llm', type: 'llm' },
  { purpose: 'embedding', type: 'embedding' },
  { purpose: 'rerank', type: 'rerank' },
  { purpose: 'datasetImageLLM', type: 'llm' },
] as const;

/** Which model is used where nobody names one. */
export function Defaults({ models }: { models: Model[] }) {
  const { t } = useTranslation('settings');
  const { defaultModels } = useSuspenseQuery(initQuery).data;
  const change = useModelsChange(api.updateDefaultModels);
  return (
    <SimpleGrid cols={{ base: 1, sm: 2, lg: 4 }}>
      {purposes.map(({ purpose, type }) => {
        const offered = models.filter(
          (model) =>
            model.type === type && model.isActive && (purpose !== 'datasetImageLLM' || model.vision === true),
        );
        return (
          <Select
            key={purpose}
            label={t(`models.purpose.${purpose}`)}
            description={t(`models.purpose.${purpose}Text`)}
            inputWrapperOrder={['label', 'input', 'description']}
            placeholder={t(offered.length === 0 ? 'models.noSuch' : 'models.notChosen')}
            data={[
              ...new Map(offered.map(({ model, name }) => [model, { value: model, label: name }])).values(),
            ]}
            value={defaultModels?.[purpose] ?? null}
            onChange={(model) => change.mutate({ [purpose]: model ?? '' })}
            disabled={offered.length === 0 || change.isPending}
            clearable={purpose !== 'llm'}
            allowDeselect={false}
            searchable={offered.length > 8}
          />
        );
      })}
    </SimpleGrid>
  );
}
