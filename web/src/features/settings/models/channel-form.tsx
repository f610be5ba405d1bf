import {
  Alert,
  Button,
  Group,
  NumberInput,
  PasswordInput,
  SimpleGrid,
  Stack,
  Text,
  TextInput,
} from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api, type Request } from '../../../api/client.ts';
import { Select } from '../../../ui/select.tsx';
import { TagsInput } from '../../../ui/tags-input.tsx';
import { TrustAddress } from '../connect/trust-address.tsx';
import { type Channel, modelsQuery } from '../queries.ts';
import { useModelsChange } from './use-models-change.ts';

type Provider = NonNullable<Request<'createChannel'>['provider']>;
const providers = ['openai', 'anthropic', 'gemini', 'ollama'] as const satisfies readonly Provider[];

/** A way to reach models: added, or changed. */
export function ChannelForm({ channel, onDone }: { channel?: Channel; onDone: () => void }) {
  const { t } = useTranslation(['settings', 'common']);
  const { data: models } = useQuery(modelsQuery);
  const required = (value: string) => (value.trim() === '' ? t('common:error.required') : null);
  const form = useForm({
    initialValues: {
      name: channel?.name ?? '',
      provider: (channel?.provider ?? 'openai') as Provider,
      baseUrl: channel?.baseUrl ?? '',
      credential: '',
      priority: channel?.priority ?? 0,
      weight: channel?.weight ?? 1,
      models: channel?.models.map(({ model }) => model) ?? [],
    },
    validate: { name: required, baseUrl: (value) => (URL.canParse(value) ? null : t('connect.urlWrong')) },
  });
  const moved = channel !== undefined && form.values.baseUrl !== channel.baseUrl;
  const save = useMutation({ mutationFn: (values: typeof form.values) => saveChannel(channel, values) });
  const done = useModelsChange(async () => undefined, onDone);
  const submit = (values: typeof form.values) =>
    save.mutate(values, { onSuccess: () => done.mutate(undefined) });
  const { provider, baseUrl, credential } = form.values;
  const find = useMutation({
    mutationFn: () =>
      channel && !moved && credential === ''
        ? api.findProviderModels({ id: channel.id })
        : api.findProviderModels({ provider, baseUrl, credential }),
  });
  return (
    <form onSubmit={form.onSubmit(submit)}>
      <Stack>
        <TextInput label={t('channels.name')} maxLength={100} {...form.getInputProps('name')} />
        <Select
          label={t('channels.provider')}
          data={providers.map((one) => ({ value: one, label: t(`channels.providers.${one}`) }))}
          allowDeselect={false}
          {...form.getInputProps('provider')}
        />
        <TextInput
          label={t('connect.baseUrl')}
          description={t('connect.baseUrlText')}
          {...form.getInputProps('baseUrl')}
        />
        <PasswordInput
          label={t('connect.credential')}
          description={t(
            moved
              ? 'channels.credentialAgain'
              : channel?.credential
                ? 'channels.credentialKept'
                : 'connect.credentialText',
          )}
          placeholder={channel?.credential ?? ''}
          autoComplete="off"
          {...form.getInputProps('credential')}
        />
        <TagsInput
          label={t('channels.models')}
          description={t('channels.modelsText')}
          data={[...new Set([...(find.data?.models ?? []), ...(models ?? [])].map(({ model }) => model))]}
          limit={50}
          maxDropdownHeight={240}
          clearable
          {...form.getInputProps('models')}
        />
        <Group>
          <Button
            variant="light"
            size="xs"
            loading={find.isPending}
            disabled={!URL.canParse(baseUrl)}
            onClick={() => find.mutate()}
          >
            {t('connect.find')}
          </Button>
          {find.data?.ok && <Text size="sm">{find.data.message}</Text>}
        </Group>
        {find.data && !find.data.ok && (
          <Alert color="orange" variant="light" title={t('connect.notListed')}>
            {find.data.message}
          </Alert>
        )}
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <NumberInput
            label={t('channels.priority')}
            description={t('channels.priorityText')}
            min={0}
            max={1000}
            {...form.getInputProps('priority')}
          />
          <NumberInput
            label={t('channels.weight')}
            description={t('channels.weightText')}
            min={0}
            max={1000}
            {...form.getInputProps('weight')}
          />
        </SimpleGrid>
        {(save.error ?? find.error) && (
          <TrustAddress
            error={save.error ?? find.error}
            baseUrl={baseUrl}
            onTrusted={() => (save.error ? submit(form.values) : find.mutate())}
          />
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onDone}>
            {t('common:action.cancel')}
          </Button>
          <Button type="submit" loading={save.isPending || done.isPending}>
            {t('common:action.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface ChannelValues {
  name: string;
  provider: Provider;
  baseUrl: string;
  credential: string;
  priority: number;
  weight: number;
  models: string[];
}

/** An empty credential leaves the stored one; the provider's own names of models stay where they are known. */
async function saveChannel(channel: Channel | undefined, values: ChannelValues): Promise<void> {
  const { credential, models, ...rest } = values;
  const known = new Map(channel?.models.map((served) => [served.model, served]));
  const settings = {
    ...rest,
    models: models.map((model) => known.get(model) ?? model),
    ...(credential !== '' && { credential }),
  };
  if (channel) await api.updateChannel({ id: channel.id, ...settings });
  else await api.createChannel(settings);
}
