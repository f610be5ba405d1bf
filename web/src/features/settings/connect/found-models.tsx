import { Alert, Badge, Button, Group, Stack, Text } from '@mantine/core';
import { IconPlugConnected } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '../../../api/client.ts';
import { ErrorAlert } from '../../../ui/error-alert.tsx';
import { modelsQuery } from '../queries.ts';
import { ModelTestResult } from './model-test.tsx';

const mostShown = 12;

/** Models that can be called already: an Ollama that was found, or what the environment names. */
export function FoundModels({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation('settings');
  const { data } = useQuery(modelsQuery);
  const found = (data ?? []).filter(({ source }) => source === 'environment');
  const chat =
    found.find(({ type, isDefault }) => type === 'llm' && isDefault) ??
    found.find(({ type }) => type === 'llm');
  const test = useMutation({ mutationFn: (model: string) => api.testModel({ model }) });
  if (found.length === 0) return null;
  const ollama = found.every(({ provider }) => provider === 'ollama');
  return (
    <Alert
      color="teal"
      variant="light"
      icon={<IconPlugConnected aria-hidden />}
      title={t(ollama ? 'connect.foundOllama' : 'connect.foundEnvironment', { count: found.length })}
    >
      <Stack gap="sm">
        <Text size="sm">{t('connect.foundText')}</Text>
        <Group gap={6}>
          {found.slice(0, mostShown).map(({ model }) => (
            <Badge key={model} variant="outline" color="gray" maw="100%">
              {model}
            </Badge>
          ))}
          {found.length > mostShown && <Text size="sm">+{found.length - mostShown}</Text>}
        </Group>
        {test.data && <ModelTestResult test={test.data} />}
        {test.error && <ErrorAlert error={test.error} />}
        <Group gap="xs">
          <Button size="xs" onClick={onDone}>
            {t('connect.useThese')}
          </Button>
          {chat && (
            <Button
              size="xs"
              variant="default"
              loading={test.isPending}
              onClick={() => test.mutate(chat.model)}
            >
              {t('connect.testOne', { model: chat.model })}
            </Button>
          )}
        </Group>
      </Stack>
    </Alert>
  );
}
