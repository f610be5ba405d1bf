import {
  Alert,
  Button,
  Group,
  PasswordInput,
  Select,
  Stack,
  TagsInput,
  Text,
  TextInput,
} from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '../../../api/client.ts';
import { type ConnectForm, kinds } from './connect-form.ts';
import { serviceOf, services } from './services.ts';
import { TrustAddress } from './trust-address.tsx';

interface ProviderFieldsProps {
  form: ConnectForm;
  onService: (id: string) => void;
}

/** Where the models are, the key, and which of them are wanted. */
export function ProviderFields({ form, onService }: ProviderFieldsProps) {
  const { t } = useTranslation('settings');
  const { service, baseUrl, credential } = form.values;
  const { provider, open } = serviceOf(service);
  const find = useMutation({
    mutationFn: () => api.findProviderModels({ provider, baseUrl, credential }),
  });
  const listed = find.data?.models ?? [];
  const reset = () => find.reset();
  return (
    <Stack>
      <Select
        label={t('connect.service')}
        data={[
          ...services.map(({ id, name }) => ({ value: id, label: name })),
          { value: 'custom', label: t('connect.custom') },
        ]}
        allowDeselect={false}
        value={service}
        onChange={(id) => {
          reset();
          onService(id ?? 'custom');
        }}
      />
      <TextInput
        label={t('connect.baseUrl')}
        description={t('connect.baseUrlText')}
        placeholder="https://models.example.com/v1"
        {...form.getInputProps('baseUrl')}
      />
      <PasswordInput
        label={t('connect.credential')}
        description={t(open ? 'connect.credentialOpen' : 'connect.credentialText')}
        autoComplete="off"
        {...form.getInputProps('credential')}
      />
      <Group>
        <Button
          variant="light"
          loading={find.isPending}
          disabled={!URL.canParse(baseUrl)}
          onClick={() => find.mutate()}
        >
          {t('connect.find')}
        </Button>
        {find.data?.ok && (
          <Text size="sm" role="status">
            {find.data.message}
          </Text>
        )}
      </Group>
      {find.data && !find.data.ok && (
        <Alert color="orange" variant="light" title={t('connect.notListed')} role="alert">
          <Text size="sm">{find.data.message}</Text>
          <Text size="xs" c="dimmed" mt={4} style={{ overflowWrap: 'anywhere' }}>
            {t('connect.asked', { asked: find.data.asked })}
          </Text>
        </Alert>
      )}
      {find.error && <TrustAddress error={find.error} baseUrl={baseUrl} onTrusted={() => find.mutate()} />}
      {kinds.map((kind) => (
        <TagsInput
          key={kind}
          label={t(`connect.models.${kind}`)}
          description={t(`connect.models.${kind}Text`)}
          data={listed.filter(({ type }) => type === kind).map(({ model }) => model)}
          limit={50}
          maxDropdownHeight={240}
          placeholder={form.values[kind].length === 0 ? t('connect.models.placeholder') : ''}
          clearable
          {...form.getInputProps(kind)}
        />
      ))}
    </Stack>
  );
}
