import {
  Alert,
  Button,
  Group,
  PasswordInput,
  SegmentedControl,
  Stack,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconInfoCircle } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type Request } from '../../api/client.ts';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { modals } from '../../ui/modals.ts';
import { Select } from '../../ui/select.tsx';
import { modelsQuery } from './queries.ts';
import { RestoreArchive } from './restore-archive.tsx';

type DatasetType = 'dataset' | 'websiteDataset' | 'apiDataset';

interface CreateDatasetProps {
  parentId: string | undefined;
  onCreated: (datasetId: string, type: DatasetType) => unknown;
  /** An archive is being restored, as a job. */
  onRestoring: () => unknown;
}

interface Values {
  name: string;
  intro: string;
  vectorModel: string | null;
  url: string;
  selector: string;
  baseUrl: string;
  authorization: string;
}

function requestOf(
  type: DatasetType,
  values: Values,
  parentId: string | undefined,
): Request<'createDataset'> {
  const { name, intro, vectorModel, url, selector, baseUrl, authorization } = values;
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

const kinds = ['dataset', 'websiteDataset', 'apiDataset', 'archive'] as const;

/** Asks first where the knowledge comes from, then what that needs. */
function CreateDataset({ onRestoring, ...props }: CreateDatasetProps & { onDone: () => void }) {
  const { t } = useTranslation('datasets');
  const [kind, setKind] = useState<(typeof kinds)[number]>('dataset');
  return (
    <Stack>
      <SegmentedControl
        fullWidth
        aria-label={t('create.kind')}
        data={kinds.map((value) => ({ value, label: t(`create.type.${value}`) }))}
        value={kind}
        onChange={(value) => setKind(value as typeof kind)}
      />
      <Text size="sm" c="dimmed">
        {t(`create.about.${kind}`)}
      </Text>
      {kind === 'archive' ? (
        <RestoreArchive parentId={props.parentId} onStarted={onRestoring} onDone={props.onDone} />
      ) : (
        <DatasetForm type={kind} {...props} />
      )}
    </Stack>
  );
}

type DatasetFormProps = Omit<CreateDatasetProps, 'onRestoring'> & { type: DatasetType; onDone: () => void };

function DatasetForm({ type, parentId, onCreated, onDone }: DatasetFormProps) {
  const { t } = useTranslation(['datasets', 'common']);
  const queries = useQueryClient();
  const required = (value: string) => (value.trim() === '' ? t('common:error.required') : null);
  const form = useForm<Values>({
    initialValues: {
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
      url: (value) => (type === 'websiteDataset' ? required(value) : null),
      baseUrl: (value) => (type === 'apiDataset' ? required(value) : null),
    },
  });
  const create = useMutation({
    mutationFn: async (values: Values) => {
      const datasetId = await api.createDataset(requestOf(type, values, parentId));
      // Reading a site is what it is made for; it begins at once.
      if (type === 'websiteDataset') await api.syncDataset({ datasetId });
      return datasetId;
    },
    onSuccess: async (datasetId) => {
      onDone();
      await onCreated(datasetId, type);
      await queries.invalidateQueries({ queryKey: ['datasets', 'list'] });
    },
  });
  return (
    <form onSubmit={form.onSubmit((values) => create.mutate(values))}>
      <Stack>
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
export function openCreateDataset({
  title,
  onClose,
  ...props
}: CreateDatasetProps & { title: string; onClose: () => void }): void {
  const id = modals.open({
    title,
    size: 'lg',
    onClose,
    children: <CreateDataset {...props} onDone={() => modals.close(id)} />,
  });
}
