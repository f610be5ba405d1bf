import { Alert, Stack, Text, TextInput } from '@mantine/core';
import { IconInfoCircle, IconPhoto } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { notifyError } from '../../../ui/notify.ts';
import { ToldError } from '../../../ui/told-error.ts';
import { useAbilities } from './abilities.ts';
import { chosenFiles } from './chosen-files.ts';
import { DropArea } from './drop-area.tsx';
import { useFileLimit } from './file-limit.ts';
import { openUploads, StartImport } from './start-import.tsx';
import type { ImportTarget } from './target.ts';
import { UploadList } from './upload-list.tsx';
import { uploads, useUploads } from './uploads.ts';

const mostPictures = 50;
const kinds = ['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/bmp'];

/** Pictures that a vision model describes, in one collection. */
export function PicturesSource({ dataset, parentId, onStarted }: ImportTarget) {
  const { t } = useTranslation('datasets');
  const { vision } = useAbilities();
  const limit = useFileLimit();
  const [name, setName] = useState('');
  const all = useUploads(dataset._id, 'picture');
  const open = openUploads(all);
  const add = (files: File[]) => {
    const room = mostPictures - open.length;
    if (files.length > room) notifyError(new ToldError(t('pictures.tooMany', { count: mostPictures })));
    uploads.add(dataset._id, chosenFiles(files).slice(0, Math.max(0, room)), 'picture');
  };
  const start = () => {
    const ids = open.map(({ id }) => id);
    uploads.order(ids, { parentId, ...(name.trim() && { name: name.trim() }) }, { together: true });
    setName('');
    onStarted();
  };
  return (
    <Stack gap="md" maw={720}>
      <Text size="sm">{t('pictures.about')}</Text>
      {!vision && (
        <Alert color="gray" variant="light" icon={<IconInfoCircle aria-hidden />}>
          {t('pictures.needsVision')}
        </Alert>
      )}
      <TextInput
        label={t('pictures.name')}
        description={t('pictures.nameAbout')}
        maxLength={200}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <DropArea
        icon={IconPhoto}
        title={t('pictures.drop')}
        text={t('pictures.kinds', { count: mostPictures, limit })}
        choose={t('pictures.choose')}
        accept={kinds}
        onFiles={add}
      />
      <UploadList all={all} />
      <StartImport
        open={open}
        label={t('pictures.import', { count: open.length })}
        later={t('pictures.whenUploaded')}
        onStart={start}
      />
    </Stack>
  );
}
