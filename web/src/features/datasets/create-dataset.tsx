import {
  Alert,
  Button,
  Group,
  PasswordInput,
  SegmentedControl,
  Select,
  Stack,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core';
import { useForm } from '@mantine/form';
import { modals } from '@mantine/modals';
import { IconInfoCircle } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api, type Request } from '../../api/client.ts';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { modelsQuery } from './queries.ts';

type DatasetType = 'dataset' | 'websiteDataset' | 'apiDataset';

interface CreateDatasetProps {
  parentId: string | undefined;
  onCreated: (datasetId: string, type: DatasetType) => unknown;
}

interface Values {
  type: DatasetType;
  name: string;
  intro: string;
  vectorModel: string | null;
  url: string;
  selector: string;
  baseUrl: string;
  authorization: string;
}

function requestOf(values: Values, parentId: string | undefined): Request<'createDataset'> {
  const { type, name, intro, vectorModel, url, selector, baseUrl, authorization } = values;
  return {
    type,
    name,
    intro,
    parentId: parentId ?? null,
    ...(vectorModel && { vectorModel }),
    ...(type === 'websiteDataset' && {
      websiteConfig: { url, ...(selector && { selector }) },
      autoSync: true,
    }),
    ...(type === 'apiDataset' && {
      apiDatasetServer: { apiServer: { baseUrl, ...(authorization && { authorization }) } },
    }),
  };
}

function CreateDataset({ parentId, onCreated, onDone }: CreateDatasetProps & { onDone: () => void }) {
  const { t } = useTranslation(['datasets', 'common']);
  const queries = useQueryClient();
  const required = (value: string) => (value.trim() === '' ? t('common:error.required') : null);
  const form = useForm<Values>({
    initialValues: {
      type: 'dataset',
      name: '',
      intro: '',
      vectorModel: null,
      url: '',
      selector: '',
      baseUrl: '',
      authorization: '',
    },
    validate: {
      name: required,
      url: (value, { type }) => (type === 'websiteDataset' ? required(value) : null),
      baseUrl: (value, { type }) => (type === 'apiDataset' ? required(value) : null),
    },
  });
  const create = useMutation({
    mutationFn: async (values: Values) => {
      const datasetId = await api.createDataset(requestOf(values, parentId));
      // Reading a site is what it is made for; it begins at once.
      if (values.type === 'websiteDataset') await api.syncDataset({ datasetId });
      return datasetId;
    },
    onSuccess: async (datasetId, { type }) => {
      onDone();
      await onCreated(datasetId, type);
      await queries.invalidateQueries({ queryKey: ['datasets', 'list'] });
    },
  });
  const { type } = form.values;
  return (
    <form onSubmit={form.onSubmit((values) => create.mutate(values))}>
      <Stack>
        <SegmentedControl
          fullWidth
          aria-label={t('create.kind')}
          data={(['dataset', 'websiteDataset', 'apiDataset'] as const).map((value) => ({
            value,
            label: t(`create.type.${value}`),
          }))}
          {...form.getInputProps('type')}
        />
        <Text size="sm" c="dimmed">
          {t(`create.about.${type}`)}
        </Text>
        <TextInput label={t('field.name')} data-autofocus maxLength={200} {...form.getInputProps('name')} />
        <Textarea
          label={t('field.intro')}
          description={t('field.introAbout')}
          autosize
          minRows={2}
          maxRows={6}
          {...form.getInputProps('intro')}
        />
        {type === 'websiteDataset' && (
          <>
            <TextInput
              label={t('source.url')}
              description={t('source.urlAbout')}
              placeholder="https://docs.example.com/"
              {...form.getInputProps('url')}
            />
            <TextInput
              label={t('source.selector')}
              description={t('source.selectorAbout')}
              placeholder="main article"
              {...form.getInputProps('selector')}
            />
          </>
        )}
        {type === 'apiDataset' && (
          <>
            <TextInput
              label={t('source.baseUrl')}
              description={t('source.baseUrlAbout')}
              placeholder="https://files.example.com"
              {...form.getInputProps('baseUrl')}
            />
            <PasswordInput
              label={t('source.authorization')}
              description={t('source.authorizationAbout')}
              autoComplete="off"
              {...form.getInputProps('authorization')}
            />
          </>
        )}
        <VectorModelSelect {...form.getInputProps('vectorModel')} />
        {create.error && <ErrorAlert error={create.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onDone}>
            {t('common:action.cancel')}
          </Button>
          <Button type="submit" loading={create.isPending}>
            {t('common:action.create')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Chooses the embedding model; without any it says what search is like then. */
function VectorModelSelect(props: { value?: string | null }) {
  const { t } = useTranslation('datasets');
  const models = useQuery(modelsQuery);
  const embedding = models.data?.filter((model) => model.type === 'embedding') ?? [];
  if (models.isPending) return null;
  if (embedding.length === 0)
    return (
      <Alert variant="light" color="gray" icon={<IconInfoCircle aria-hidden />} title={t('model.keyword')}>
        {t('model.noneAbout')}
      </Alert>
    );
  const first = embedding.find((model) => model.isDefault) ?? embedding[0];
  return (
    <Select
      label={t('field.vectorModel')}
      description={t('model.about')}
      placeholder={first ? t('model.default', { name: first.name }) : ''}
      clearable
      data={embedding.map(({ model, name }) => ({ value: model, label: name }))}
      {...props}
    />
  );
}

/** Asks what the new dataset is, and makes it. */
export function openCreateDataset({ title, ...props }: CreateDatasetProps & { title: string }): void {
  const id = modals.open({
    title,
    size: 'lg',
    children: <CreateDataset {...props} onDone={() => modals.close(id)} />,
  });
}
