import { Alert, Collapse, NumberInput, Radio, SimpleGrid, Stack, Switch, TextInput } from '@mantine/core';
import { type UseFormReturnType, useForm } from '@mantine/form';
import { useDebouncedValue, useDisclosure } from '@mantine/hooks';
import { IconInfoCircle } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../../api/client.ts';
import { useMe } from '../../../api/me.ts';
import { ErrorAlert } from '../../../ui/error-alert.tsx';
import { FoldButton } from '../../../ui/fold-button.tsx';
import { FormButtons } from '../../../ui/form-buttons.tsx';
import { Select } from '../../../ui/select.tsx';
import { TagsInput } from '../../../ui/tags-input.tsx';
import { type ApiKey, appChoicesQuery, forgetKeys, type KeyLabel, keyLabelsQuery } from '../queries.ts';
import { changesOf, type KeyValues, valuesOf } from './key-values.ts';

interface KeyFormProps {
  /** Absent = a new key. */
  keyToEdit: ApiKey | undefined;
  /** The app whose keys are shown; null = all. */
  appId: string | null;
  /** With the key in plain text, for a new one. */
  onDone: (created?: string) => void;
  onClose: () => void;
}

/** The ids of labels by their names; those that are new are made. */
async function labelIds(names: string[], known: readonly KeyLabel[]): Promise<string[]> {
  const ids: string[] = [];
  for (const name of names)
    ids.push(known.find((label) => label.name === name)?._id ?? (await api.createKeyLabel({ name })));
  return ids;
}

/** Makes or changes a key: whose it is, what it is called, and what it may do. */
export function KeyForm({ keyToEdit, appId, onDone, onClose }: KeyFormProps) {
  const { t } = useTranslation(['api', 'common']);
  const client = useQueryClient();
  const me = useMe();
  const { data: labels = [] } = useQuery(keyLabelsQuery);
  const form = useForm<KeyValues>({
    initialValues: valuesOf(keyToEdit, appId),
    validate: {
      name: (name) => (name.trim() === '' ? t('common:error.required') : null),
      appId: (id, { kind }) => (kind === 'app' && !id ? t('form.chooseApp') : null),
    },
  });
  const save = useMutation({
    mutationFn: async (values: KeyValues) => {
      const changes = changesOf(values, await labelIds(values.labels, labels));
      if (!keyToEdit)
        return api.createKey({ ...changes, appId: values.kind === 'app' ? values.appId : null });
      await api.updateKey({ _id: keyToEdit._id, ...changes });
      return undefined;
    },
    onSuccess: async (created) => {
      onDone(created);
      await forgetKeys(client);
    },
  });
  return (
    <form onSubmit={form.onSubmit((values) => save.mutate(values))}>
      <Stack>
        {keyToEdit && keyToEdit.tmbId !== me.team.tmbId && (
          <Alert variant="light" icon={<IconInfoCircle aria-hidden />}>
            {t('form.narrowOnly', { name: keyToEdit.sourceMember.name })}
          </Alert>
        )}
        <TextInput
          label={t('form.name')}
          description={t('form.nameHint')}
          maxLength={100}
          data-autofocus
          {...form.getInputProps('name')}
        />
        {!keyToEdit && appId === null && <KindFields form={form} />}
        <TagsInput
          label={t('form.labels')}
          description={t('form.labelsHint')}
          data={labels.map(({ name }) => name)}
          maxTags={20}
          acceptValueOnBlur
          {...form.getInputProps('labels')}
        />
        <LimitFields form={form} opened={keyToEdit !== undefined} />
        {save.error && <ErrorAlert error={save.error} />}
        <FormButtons
          submit={t(keyToEdit ? 'common:action.save' : 'form.create')}
          busy={save.isPending}
          onCancel={onClose}
        />
      </Stack>
    </form>
  );
}

/** The form as its parts see it. */
interface PartProps {
  form: Pick<UseFormReturnType<KeyValues>, 'values' | 'getInputProps'>;
}

function KindFields({ form }: PartProps) {
  const { t } = useTranslation('api');
  const [text, setText] = useState('');
  const [search] = useDebouncedValue(text.trim(), 250);
  const { data: apps = [] } = useQuery(appChoicesQuery(search));
  return (
    <>
      <Radio.Group label={t('form.kind')} {...form.getInputProps('kind')}>
        <Stack gap="xs" mt={4}>
          <Radio value="app" label={t('kind.app')} description={t('form.appHint')} />
          <Radio value="global" label={t('kind.global')} description={t('form.globalHint')} />
        </Stack>
      </Radio.Group>
      {form.values.kind === 'app' && (
        <Select
          label={t('form.app')}
          placeholder={t('form.appPlaceholder')}
          data={apps.map(({ _id, name }) => ({ value: _id, label: name }))}
          searchable
          searchValue={text}
          onSearchChange={setText}
          nothingFoundMessage={t('form.noApp')}
          {...form.getInputProps('appId')}
        />
      )}
    </>
  );
}

function LimitFields({ form, opened: initially }: PartProps & { opened: boolean }) {
  const { t } = useTranslation('api');
  const [opened, { toggle }] = useDisclosure(initially);
  return (
    <>
      <FoldButton opened={opened} onClick={toggle} controls="key-limits">
        {t('form.limits')}
      </FoldButton>
      <Collapse expanded={opened} id="key-limits">
        <Stack>
          <TextInput
            type="datetime-local"
            label={t('form.expires')}
            description={t('form.expiresHint')}
            {...form.getInputProps('expires')}
          />
          <SimpleGrid cols={{ base: 1, xs: 2 }}>
            <NumberInput
              label={t('form.points')}
              description={t('form.unlimited')}
              min={0}
              {...form.getInputProps('points')}
            />
            <NumberInput
              label={t('form.perMinute')}
              description={t('form.unlimited')}
              min={1}
              max={1_000_000}
              allowDecimal={false}
              {...form.getInputProps('perMinute')}
            />
          </SimpleGrid>
          <TagsInput
            label={t('form.addresses')}
            description={t('form.addressesHint')}
            splitChars={[',', ' ']}
            acceptValueOnBlur
            {...form.getInputProps('addresses')}
          />
          <TagsInput
            label={t('form.routes')}
            description={t('form.routesHint')}
            splitChars={[',', ' ']}
            acceptValueOnBlur
            {...form.getInputProps('routes')}
          />
          {form.values.kind === 'global' && (
            <Switch
              label={t('form.writeApps')}
              description={t('form.writeAppsHint')}
              {...form.getInputProps('mayWriteApps', { type: 'checkbox' })}
            />
          )}
        </Stack>
      </Collapse>
    </>
  );
}
