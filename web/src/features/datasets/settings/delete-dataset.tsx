import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useDatasetActions } from '../dataset-actions.ts';
import type { Dataset } from '../queries.ts';

/** The way to be rid of a dataset, for those who may. */
export function DeleteDataset({ dataset }: { dataset: Dataset }) {
  const { t } = useTranslation('datasets');
  const actions = useDatasetActions();
  const navigate = useNavigate();
  if (!dataset.permission.hasManagePer) return null;
  return (
    <Stack>
      <Title order={2} size="h4">
        {t('settings.delete')}
      </Title>
      <Text size="sm" c="dimmed">
        {t('settings.deleteAbout')}
      </Text>
      <Group>
        <Button
          color="red"
          variant="light"
          onClick={() =>
            actions.remove([dataset], () => {
              void navigate({
                to: '/datasets',
                search: dataset.parentId ? { folder: dataset.parentId } : {},
              });
            })
          }
        >
          {t('settings.delete')}
        </Button>
      </Group>
    </Stack>
  );
}
