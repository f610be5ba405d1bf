import { Button, Collapse, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../../api/client.ts';
import { FoldButton } from '../../../ui/fold-button.tsx';
import { modelsQuery } from '../queries.ts';
import { type ConnectValues, kinds, useConnectForm } from './connect-form.ts';
import classes from './connect-models.module.css';
import { FoundModels, foundOf } from './found-models.tsx';
import { ModelTestResult } from './model-test.tsx';
import { ProviderFields } from './provider-fields.tsx';
import { type ModelTest, saveConnection } from './save-connection.ts';
import { TrustAddress } from './trust-address.tsx';

/** How far it came: a model that was there already counts as found. */
export type Outcome = 'none' | 'found' | 'works' | 'fails';

/**
 * Connects a provider: its address and key, the models it has, and a test of each that explains itself. With `footer`
 * it is a first run: models that were found come first, and going on is the footer's.
 */
export function ConnectModels(props: { onDone: () => void; footer?: (outcome: Outcome) => ReactNode }) {
  return props.footer ? <FirstConnection footer={props.footer} /> : <ConnectService onDone={props.onDone} />;
}

function FirstConnection({ footer }: { footer: (outcome: Outcome) => ReactNode }) {
  const { t } = useTranslation('settings');
  const { data } = useSuspenseQuery(modelsQuery);
  const found = foundOf(data);
  const [outcome, setOutcome] = useState<Outcome>(found.chat ? 'found' : 'none');
  const [opened, { toggle }] = useDisclosure(!found.chat);
  return (
    <Stack>
      <FoundModels found={found} />
      {found.chat && (
        <FoldButton opened={opened} onClick={toggle} controls="connect-service">
          {t('connect.another')}
        </FoldButton>
      )}
      <Collapse expanded={opened} id="connect-service">
        <ConnectService onOutcome={setOutcome} />
      </Collapse>
      {footer(outcome)}
    </Stack>
  );
}

interface ConnectServiceProps {
  /** Goes on; absent, whoever shows it does so. */
  onDone?: () => void;
  onOutcome?: (outcome: Outcome) => void;
}

function ConnectService({ onDone, onOutcome }: ConnectServiceProps) {
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
      let works = true;
      for (const model of kinds.flatMap((kind) => values[kind])) {
        const test = await api.testModel({ model, channelId: id });
        works &&= test.ok;
        setTests((before) => [...before, test]);
      }
      onOutcome?.(works ? 'works' : 'fails');
    },
    onSettled: () =>
      Promise.all([
        queryClient.invalidateQueries({ queryKey: ['settings', 'models'] }),
        queryClient.invalidateQueries({ queryKey: ['init'] }),
      ]),
  });
  // They come in below what was filled in, where a small screen does not show them.
  const results = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (tests.length > 0) results.current?.scrollIntoView({ block: 'nearest' });
  }, [tests.length]);
  const chosen = kinds.reduce((sum, kind) => sum + form.values[kind].length, 0);
  const done = connect.isSuccess && tests.length > 0;
  const works = done && tests.every(({ ok }) => ok);
  return (
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
        <Stack ref={results} className={classes.results}>
          {tests.map((test) => (
            <ModelTestResult key={test.model} test={test} />
          ))}
        </Stack>
        {connect.isPending && channelId !== undefined && (
          <Text size="sm" c="dimmed" role="status">
            {t('connect.testing', { done: tests.length, of: chosen })}
          </Text>
        )}
        {done && !works && onDone && <Text size="sm">{t('connect.mend')}</Text>}
        <Group>
          <Button type="submit" loading={connect.isPending} variant={works ? 'default' : 'filled'}>
            {t(done ? 'connect.again' : 'connect.submit')}
          </Button>
          {done && onDone && (
            <Button onClick={onDone} variant={works ? 'filled' : 'default'}>
              {t(works ? 'connect.continue' : 'connect.continueAnyway')}
            </Button>
          )}
        </Group>
      </Stack>
    </form>
  );
}
