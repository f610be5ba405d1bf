import { Button, Group } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Section } from '../../../ui/section.tsx';
import { useDatasetActions } from '../dataset-actions.ts';
import type { Dataset } from '../queries.ts';

/** The way to be rid of a dataset, for those who may. */
export function DeleteDataset({ dataset }: { dataset: Dataset }) {
  const { t } = useTranslation('datasets');
  const actions = useDatasetActions();
  const navigate = useNavigate();
  if (!dataset.permission.hasManagePer) return null;
  return (
    <Section title={t('settings.delete')} text={t('settings.deleteAbout')}>
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
    </Section>
  );
}
