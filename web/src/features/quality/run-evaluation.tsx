import { Button, Group, Stack, Switch, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { Modal } from '../../ui/modal.tsx';
import { useRemembered } from '../search/remembered.ts';
import { evaluationSetting, possible, type SearchSettings } from '../search/settings.ts';
import { SettingsPanel, settingsLine } from '../search/settings-panel.tsx';
import { useAbilities } from '../search/use-abilities.ts';

interface RunEvaluationProps {
  datasetId: string;
  opened: boolean;
  onClose: () => void;
  onStarted: (id: string) => void;
}

/** Starts an evaluation with one or two settings: those of the search test, unless they are changed. */
export function RunEvaluation({ opened, onClose, ...rest }: RunEvaluationProps) {
  const { t } = useTranslation(['quality', 'common']);
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t('run.title')}
      size="xl"
      closeButtonProps={{ 'aria-label': t('common:action.close') }}
    >
      {opened && <RunForm {...rest} />}
    </Modal>
  );
}

const sides = ['left', 'right'] as const;

function RunForm({ datasetId, onStarted }: Omit<RunEvaluationProps, 'opened' | 'onClose'>) {
  const { t } = useTranslation('quality');
  const { t: ofSearch } = useTranslation('search');
  const queries = useQueryClient();
  const { can, models } = useAbilities(datasetId);
  const [remembered] = useRemembered(datasetId);
  const [settings, setSettings] = useState({ left: remembered.left, right: remembered.right });
  const [two, setTwo] = useState(remembered.compare);
  const [name, setName] = useState('');
  const used = two ? sides : sides.slice(0, 1);
  const start = useMutation({
    mutationFn: () =>
      api.evaluate({
        datasetId,
        ...(name.trim() && { name: name.trim() }),
        settings: used.map((side) => {
          const plain = {
            ...possible(settings[side], can),
            tags: [],
            collectionIds: [],
          } satisfies SearchSettings;
          return evaluationSetting(plain, settingsLine(ofSearch, plain));
        }),
      }),
    onSuccess: async ({ _id }) => {
      await queries.invalidateQueries({ queryKey: ['quality', 'evaluations', datasetId] });
      onStarted(_id);
    },
  });
  return (
    <Stack gap="md">
      <Text size="sm">{t('run.text')}</Text>
      <TextInput
        label={t('run.name')}
        placeholder={t('run.namePlaceholder')}
        value={name}
        maxLength={200}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Switch
        label={ofSearch('compare.label')}
        checked={two}
        onChange={(event) => setTwo(event.currentTarget.checked)}
      />
      {used.map((side) => (
        <SettingsPanel
          key={side}
          datasetId={datasetId}
          title={ofSearch(two ? `compare.${side}` : 'settings')}
          settings={settings[side]}
          can={can}
          models={models}
          filter={false}
          onChange={(changed) => setSettings((now) => ({ ...now, [side]: changed }))}
        />
      ))}
      {start.error && <ErrorAlert error={start.error} />}
      <Group justify="flex-end">
        <Button loading={start.isPending} onClick={() => start.mutate()}>
          {t('run.start')}
        </Button>
      </Group>
    </Stack>
  );
}
