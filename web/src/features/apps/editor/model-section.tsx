import { Alert, Anchor, Collapse, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconInfoCircle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { maySeeSettings, useMe } from '../../../api/me.ts';
import { FoldButton } from '../../../ui/fold-button.tsx';
import { Loading } from '../../../ui/loading.tsx';
import { Section } from '../../../ui/section.tsx';
import { Select } from '../../../ui/select.tsx';
import { useOnceTrue } from '../../../ui/use-once-true.ts';
import { myModelsQuery } from '../queries.ts';
import type { Draft } from './use-draft.ts';

const ModelParameters = lazy(async () => ({
  default: (await import('./model-parameters.tsx')).ModelParameters,
}));

/** A value no model has: the select needs one for "whatever the default is". */
const defaultModel = '';

/** Which model answers, and how freely. */
export function ModelSection({ draft }: { draft: Draft }) {
  const { t } = useTranslation('apps');
  const [opened, { toggle }] = useDisclosure(false);
  // Kept once they are there, so that they can fold away.
  const needed = useOnceTrue(opened);
  const { data: models = [], isSuccess } = useQuery(myModelsQuery('llm'));
  const { model } = draft.settings;
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
          {needed && (
            <Suspense fallback={<Loading />}>
              <ModelParameters
                draft={draft}
                {...(chosen?.maxResponse && { maxResponse: chosen.maxResponse })}
              />
            </Suspense>
          )}
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
