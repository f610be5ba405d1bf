import { Alert, Badge, Button, Group, Stack, Text } from '@mantine/core';
import { IconPlugConnected } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '../../../api/client.ts';
import { ErrorAlert } from '../../../ui/error-alert.tsx';
import type { Model } from '../queries.ts';
import { ModelTestResult } from './model-test.tsx';

const mostShown = 12;

export interface Found {
  models: Model[];
  /** Which of them would write answers. */
  chat: Model | undefined;
}

/** Models that can be called already: an Ollama that was found, or what the environment names. */
export function foundOf(all: readonly Model[]): Found {
  const models = all.filter(({ source }) => source === 'environment');
  const chats = models.filter(({ type }) => type === 'llm');
  return { models, chat: chats.find(({ isDefault }) => isDefault) ?? chats[0] };
}

/** Shows them, and has one tried. */
export function FoundModels({ found: { models, chat } }: { found: Found }) {
  const { t } = useTranslation('settings');
  const test = useMutation({ mutationFn: (model: string) => api.testModel({ model }) });
  if (models.length === 0) return null;
  const ollama = models.every(({ provider }) => provider === 'ollama');
  return (
    <Alert
      color={chat ? 'teal' : 'yellow'}
      variant="light"
      icon={<IconPlugConnected aria-hidden />}
      title={t(ollama ? 'connect.foundOllama' : 'connect.foundEnvironment', { count: models.length })}
    >
      <Stack gap="sm">
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          {chat ? t('connect.foundText', { model: chat.name }) : t('connect.foundNoChat')}
        </Text>
        <Group gap={6}>
          {models.slice(0, mostShown).map(({ model }) => (
            <Badge key={model} variant="outline" color="gray" maw="100%">
              {model}
            </Badge>
          ))}
          {models.length > mostShown && <Text size="sm">+{models.length - mostShown}</Text>}
        </Group>
        {test.data && <ModelTestResult test={test.data} />}
        {test.error && <ErrorAlert error={test.error} />}
        {chat && (
          <Group>
            <Button
              size="xs"
              variant="default"
              loading={test.isPending}
              onClick={() => test.mutate(chat.model)}
            >
              {t('connect.testOne', { model: chat.name })}
            </Button>
          </Group>
        )}
      </Stack>
    </Alert>
  );
}
