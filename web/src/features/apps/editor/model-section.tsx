import { Alert, Anchor, Collapse, SimpleGrid, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconInfoCircle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { maySeeSettings, useMe } from '../../../api/me.ts';
import { FoldButton } from '../../../ui/fold-button.tsx';
import { Section } from '../../../ui/section.tsx';
import { Select } from '../../../ui/select.tsx';
import { myModelsQuery } from '../queries.ts';
import { OptionalNumber } from './optional-number.tsx';
import type { Draft } from './use-draft.ts';

/** A value no model has: the select needs one for "whatever the default is". */
const defaultModel = '';

/** Which model answers, and how freely. */
export function ModelSection({ draft }: { draft: Draft }) {
  const { t } = useTranslation('apps');
  const [opened, { toggle }] = useDisclosure(false);
  const { data: models = [], isSuccess } = useQuery(myModelsQuery('llm'));
  const { model, temperature, maxTokens, history } = draft.settings;
  const first = models.find(({ isDefault }) => isDefault) ?? models[0];
  const chosen = model === '' ? first : models.find((known) => known.model === model);
  const missing = isSuccess && model !== '' && !chosen;
  const options = [
    { value: defaultModel, label: t('model.default', { name: first?.name ?? '…' }) },
    ...models.map((known) => ({ value: known.model, label: known.name })),
    ...(missing ? [{ value: model, label: model }] : []),
  ];
  return (
    <Section title={t('model.title')}>
      <Stack gap="sm">
        <Select
          aria-label={t('model.title')}
          data={options}
          value={model}
          onChange={(value) => draft.change({ model: value ?? '' })}
          allowDeselect={false}
          searchable={models.length > 8}
          error={missing ? t('model.missing', { model }) : undefined}
        />
        {chosen?.provider === 'builtin' && <BuiltInHint />}
        <FoldButton opened={opened} onClick={toggle} controls="model-parameters">
          {t('model.parameters')}
        </FoldButton>
        <Collapse expanded={opened} id="model-parameters">
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
              max={chosen?.maxResponse ?? 1_000_000}
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
        </Collapse>
      </Stack>
    </Section>
  );
}

/** What the built-in answer cannot do, and how to get a model that can. */
function BuiltInHint() {
  const { t } = useTranslation('apps');
  const mayAdd = maySeeSettings(useMe());
  return (
    <Alert icon={<IconInfoCircle size={18} aria-hidden />} p="sm">
      <Text size="sm">{t('model.builtIn')}</Text>
      {mayAdd && (
        <Anchor size="sm" renderRoot={(props) => <Link to="/settings" {...props} />}>
          {t('model.add')}
        </Anchor>
      )}
    </Alert>
  );
}
