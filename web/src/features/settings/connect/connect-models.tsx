import { Button, Group, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../../api/client.ts';
import { type ConnectValues, kinds, useConnectForm } from './connect-form.ts';
import { FoundModels } from './found-models.tsx';
import { ModelTestResult } from './model-test.tsx';
import { ProviderFields } from './provider-fields.tsx';
import { type ModelTest, saveConnection } from './save-connection.ts';
import { TrustAddress } from './trust-address.tsx';

/** Connects a provider: its address and key, the models it has, and a test of each that explains itself. */
export function ConnectModels({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation(['settings', 'common']);
  const { form, choose } = useConnectForm();
  const queryClient = useQueryClient();
  const [channelId, setChannelId] = useState<string>();
  const [tests, setTests] = useState<ModelTest[]>([]);
  const connect = useMutation({
    mutationFn: async (values: ConnectValues) => {
      setTests([]);
      const id = await saveConnection(values, channelId);
      setChannelId(id);
      // One after the other, so that each is seen as it comes in.
      for (const model of kinds.flatMap((kind) => values[kind])) {
        const test = await api.testModel({ model, channelId: id });
        setTests((before) => [...before, test]);
      }
    },
    onSettled: () =>
      Promise.all([
        queryClient.invalidateQueries({ queryKey: ['settings', 'models'] }),
        queryClient.invalidateQueries({ queryKey: ['init'] }),
      ]),
  });
  const chosen = kinds.reduce((sum, kind) => sum + form.values[kind].length, 0);
  const done = connect.isSuccess && tests.length > 0;
  const works = done && tests.every(({ ok }) => ok);
  return (
    <Stack>
      <FoundModels onDone={onDone} />
      <form onSubmit={form.onSubmit((values) => connect.mutate(values))}>
        <Stack>
          <ProviderFields form={form} onService={choose} />
          {connect.error && (
            <TrustAddress
              error={connect.error}
              baseUrl={form.values.baseUrl}
              onTrusted={() => connect.mutate(form.values)}
            />
          )}
          {tests.map((test) => (
            <ModelTestResult key={test.model} test={test} />
          ))}
          {connect.isPending && channelId !== undefined && (
            <Text size="sm" c="dimmed" role="status">
              {t('connect.testing', { done: tests.length, of: chosen })}
            </Text>
          )}
          {done && !works && <Text size="sm">{t('connect.mend')}</Text>}
          <Group>
            <Button type="submit" loading={connect.isPending} variant={works ? 'default' : 'filled'}>
              {t(done ? 'connect.again' : 'connect.submit')}
            </Button>
            {done && (
              <Button onClick={onDone} variant={works ? 'filled' : 'default'}>
                {t(works ? 'connect.continue' : 'connect.continueAnyway')}
              </Button>
            )}
          </Group>
        </Stack>
      </form>
    </Stack>
  );
}
