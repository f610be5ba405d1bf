import { ActionIcon, Group, Image, Progress, Stack, Text } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay, IconRefresh, IconX } from '@tabler/icons-react';
import { useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { describeError } from '../../../ui/describe-error.ts';
import { formatBytes, formatPercent } from '../../../ui/format.ts';
import type { Upload } from './upload-store.ts';
import { uploads } from './uploads.ts';

/** One file: how far it is, why it is refused, and what can be done with it. */
export function UploadRow({ upload }: { upload: Upload }) {
  const { t } = useTranslation('datasets');
  const { id, kind, name, folders, size, sent, state, error } = upload;
  const whole = [...folders, name].join(' / ');
  const going = state === 'uploading' || state === 'paused' || state === 'broken';
  const failed = state === 'refused' || state === 'broken';
  return (
    <Group gap="sm" px="sm" py={6} wrap="nowrap">
      {kind === 'picture' && <Thumbnail id={id} />}
      <Stack gap={4} flex={1} miw={0}>
        <Group gap="sm" wrap="nowrap">
          <Text size="sm" truncate flex={1} title={whole}>
            {whole}
          </Text>
          <Text size="xs" c={failed ? 'red' : 'dimmed'} style={{ whiteSpace: 'nowrap' }}>
            <StateText upload={upload} />
          </Text>
        </Group>
        {going && (
          <Progress
            size="xs"
            value={(100 * sent) / Math.max(1, size)}
            color={state === 'broken' ? 'red' : 'lectern'}
            aria-label={t('upload.progress', { name })}
          />
        )}
        {failed && error !== undefined && (
          <Text size="xs" c="red">
            {describeError(error).message}
          </Text>
        )}
      </Stack>
      <UploadButtons upload={upload} />
    </Group>
  );
}

/** The state in a word, and the size; of one on its way, how much of it has arrived. */
function StateText({ upload: { state, order, sent, size } }: { upload: Upload }) {
  const { t } = useTranslation('datasets');
  const bytes = formatBytes(size);
  if (state === 'uploading')
    return (
      <>
        {formatPercent(sent / Math.max(1, size))}
        {' · '}
        {t('upload.of', { sent: formatBytes(sent), size: bytes })}
      </>
    );
  const label = state === 'uploaded' && order ? 'importing' : state;
  return (
    <>
      {t(`upload.state.${label}`)}
      {' · '}
      {bytes}
    </>
  );
}

function Thumbnail({ id }: { id: string }) {
  const url = useMemo(() => {
    const file = uploads.file(id);
    return file && URL.createObjectURL(file);
  }, [id]);
  useEffect(() => () => URL.revokeObjectURL(url ?? ''), [url]);
  return <Image src={url} alt="" w={36} h={36} radius="sm" fit="cover" flex="none" />;
}

function UploadButtons({ upload: { id, name, state } }: { upload: Upload }) {
  const { t } = useTranslation('datasets');
  const button = (label: string, Icon: typeof IconX, onClick: () => void) => (
    <ActionIcon variant="subtle" color="gray" size="sm" aria-label={label} title={label} onClick={onClick}>
      <Icon size={16} stroke={1.6} aria-hidden />
    </ActionIcon>
  );
  return (
    <Group gap={2} wrap="nowrap" justify="flex-end" miw={46}>
      {(state === 'waiting' || state === 'uploading') &&
        button(t('upload.pause', { name }), IconPlayerPause, () => uploads.pause(id))}
      {state === 'paused' && button(t('upload.resume', { name }), IconPlayerPlay, () => uploads.resume(id))}
      {(state === 'broken' || state === 'refused') &&
        button(t('upload.retry', { name }), IconRefresh, () => uploads.resume(id))}
      {state !== 'importing' && button(t('upload.remove', { name }), IconX, () => uploads.remove(id))}
    </Group>
  );
}
