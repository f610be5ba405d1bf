import { Paper } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { UploadRow } from './import/upload-row.tsx';
import { useUploads } from './import/uploads.ts';

/** Archives that are restored as soon as they have arrived, whose dialog was closed meanwhile. */
export function ArchivesOnTheWay() {
  const { t } = useTranslation('datasets');
  const coming = useUploads('', 'archive').filter(({ order, state }) => order && state !== 'imported');
  if (coming.length === 0) return null;
  return (
    <Paper withBorder mb="sm" component="section" aria-label={t('archive.coming')}>
      {coming.map((upload) => (
        <UploadRow key={upload.id} upload={upload} />
      ))}
    </Paper>
  );
}
