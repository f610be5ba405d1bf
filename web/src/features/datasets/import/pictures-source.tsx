import { Alert, Button, Group, Image, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { Dropzone } from '@mantine/dropzone';
import { IconInfoCircle, IconPhoto } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../../api/client.ts';
import { ErrorAlert } from '../../../ui/error-alert.tsx';
import { notifyDone } from '../../../ui/notify.ts';
import { useAbilities } from './abilities.ts';
import type { ImportTarget } from './target.ts';

const mostPictures = 50;
const kinds = ['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/bmp'];

/** Pictures that a vision model describes, in one collection. */
export function PicturesSource({ dataset, parentId, onStarted }: ImportTarget) {
  const { t } = useTranslation('datasets');
  const { vision } = useAbilities();
  const [name, setName] = useState('');
  const [files, setFiles] = useState<readonly File[]>([]);
  const create = useMutation({
    mutationFn: () =>
      api.createImageCollection(
        { datasetId: dataset._id, parentId, ...(name.trim() && { collectionName: name.trim() }) },
        { files: files.map((file) => ({ name: file.name, content: file })) },
      ),
    onSuccess: () => {
      notifyDone(t('pictures.begun', { count: files.length }));
      setFiles([]);
      setName('');
      onStarted();
    },
  });
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
      <Dropzone
        onDrop={(added) => setFiles([...files, ...added].slice(0, mostPictures))}
        accept={kinds}
        p="lg"
        inputProps={{ 'aria-label': t('pictures.choose') }}
        aria-label={t('pictures.drop')}
      >
        <Stack align="center" gap={4} ta="center" style={{ pointerEvents: 'none' }}>
          <IconPhoto size={32} stroke={1.4} aria-hidden />
          <Text fw={600}>{t('pictures.drop')}</Text>
          <Text size="sm" c="dimmed">
            {t('pictures.kinds', { count: mostPictures })}
          </Text>
        </Stack>
      </Dropzone>
      {files.length > 0 && <Thumbnails files={files} />}
      {create.error && <ErrorAlert error={create.error} />}
      <Group>
        <Button
          size="md"
          disabled={files.length === 0}
          loading={create.isPending}
          onClick={() => create.mutate()}
        >
          {files.length > 0 ? t('pictures.import', { count: files.length }) : t('import.open')}
        </Button>
        {files.length > 0 && (
          <Button variant="subtle" color="gray" onClick={() => setFiles([])}>
            {t('upload.removeAll')}
          </Button>
        )}
      </Group>
    </Stack>
  );
}

function Thumbnails({ files }: { files: readonly File[] }) {
  const urls = useMemo(
    () => files.map((file) => ({ name: file.name, url: URL.createObjectURL(file) })),
    [files],
  );
  useEffect(() => () => urls.forEach(({ url }) => void URL.revokeObjectURL(url)), [urls]);
  return (
    <SimpleGrid cols={{ base: 3, sm: 6 }} spacing="xs">
      {urls.map(({ name, url }) => (
        <Image key={url} src={url} alt={name} title={name} h={84} radius="sm" fit="cover" />
      ))}
    </SimpleGrid>
  );
}
