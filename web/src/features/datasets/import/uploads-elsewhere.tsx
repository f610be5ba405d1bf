import { Alert, Anchor, Group, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { isUnsafe } from './upload-store.ts';
import { useUploads } from './uploads.ts';

/** Says on the other screens of a dataset that files for it are on their way. */
export function UploadsElsewhere({ datasetId }: { datasetId: string }) {
  const { t } = useTranslation('datasets');
  const count = useUploads(datasetId).filter(isUnsafe).length;
  if (count === 0) return null;
  return (
    <Alert variant="light" mb="md" role="status">
      <Group justify="space-between" gap="sm">
        <Text size="sm">{t('upload.elsewhere', { count })}</Text>
        <Anchor
          size="sm"
          renderRoot={(props) => <Link to="/datasets/$datasetId/import" params={{ datasetId }} {...props} />}
        >
          {t('upload.show')}
        </Anchor>
      </Group>
    </Alert>
  );
}
