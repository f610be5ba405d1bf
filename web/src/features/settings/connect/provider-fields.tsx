import {
  Alert,
  Button,
  Collapse,
  Group,
  PasswordInput,
  SimpleGrid,
  Stack,
  Text,
  TextInput,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { type Answer, api } from '../../../api/client.ts';
import { FoldButton } from '../../../ui/fold-button.tsx';
import { Select } from '../../../ui/select.tsx';
import { TagsInput } from '../../../ui/tags-input.tsx';
import type { ConnectForm, kinds } from './connect-form.ts';
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
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Select
          label={t('connect.service')}
          description={t('connect.serviceText')}
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
      </SimpleGrid>
      <Group align="flex-end" gap="sm">
        <PasswordInput
          flex="1 1 240px"
          label={t('connect.credential')}
          description={t(open ? 'connect.credentialOpen' : 'connect.credentialText')}
          autoComplete="off"
          {...form.getInputProps('credential')}
        />
        <Button
          variant="light"
          loading={find.isPending}
          disabled={!URL.canParse(baseUrl)}
          onClick={() => find.mutate()}
        >
          {t('connect.find')}
        </Button>
      </Group>
      {find.data?.ok && (
        <Text size="sm" role="status">
          {find.data.message}
        </Text>
      )}
      {find.data && !find.data.ok && (
        <Alert color="orange" variant="light" title={t('connect.notListed')} role="alert">
          <Text size="sm">{find.data.message}</Text>
          <Text size="xs" c="dimmed" mt={4} style={{ overflowWrap: 'anywhere' }}>
            {t('connect.asked', { asked: find.data.asked })}
          </Text>
        </Alert>
      )}
      {find.error && <TrustAddress error={find.error} baseUrl={baseUrl} onTrusted={() => find.mutate()} />}
      <ModelNames form={form} kind="llm" listed={listed} />
      <MoreKinds form={form} listed={listed} />
    </Stack>
  );
}

type Listed = Answer<'findProviderModels'>['models'];

interface NamesProps {
  form: ConnectForm;
  listed: Listed;
}

function ModelNames({ form, kind, listed }: NamesProps & { kind: (typeof kinds)[number] }) {
  const { t } = useTranslation('settings');
  return (
    <TagsInput
      label={t(`connect.models.${kind}`)}
      description={t(`connect.models.${kind}Text`)}
      data={listed.filter(({ type }) => type === kind).map(({ model }) => model)}
      limit={50}
      maxDropdownHeight={240}
      placeholder={form.values[kind].length === 0 ? t('connect.models.placeholder') : ''}
      clearable
      {...form.getInputProps(kind)}
    />
  );
}

/** What a first answer does not need, with what it is like without. */
function MoreKinds({ form, listed }: NamesProps) {
  const { t } = useTranslation('settings');
  const { embedding, rerank } = form.values;
  const [opened, { toggle }] = useDisclosure(embedding.length + rerank.length > 0);
  const found = listed.filter(({ type }) => type === 'embedding').length;
  return (
    <Stack gap={4}>
      <FoldButton opened={opened} onClick={toggle} controls="more-models">
        {t('connect.more')}
      </FoldButton>
      <Text size="xs" c="dimmed">
        {t('connect.moreText')}{' '}
        {found > 0 && embedding.length === 0 && t('connect.moreFound', { count: found })}
      </Text>
      <Collapse expanded={opened} id="more-models">
        <Stack pt="xs">
          <ModelNames form={form} kind="embedding" listed={listed} />
          <ModelNames form={form} kind="rerank" listed={listed} />
        </Stack>
      </Collapse>
    </Stack>
  );
}
