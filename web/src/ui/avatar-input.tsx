import { Button, FileButton, Group, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client.ts';
import { NameAvatar } from './name-avatar.tsx';
import { notifyError } from './notify.ts';
import { squarePicture } from './square-picture.ts';

interface AvatarInputProps {
  /** Whose it is: shown by its first letters where there is no picture. */
  name: string;
  value: string;
  onChange: (avatar: string) => void;
}

/** A picture of a person, team or thing: cut to a square here, kept by the server. */
export function AvatarInput({ name, value, onChange }: AvatarInputProps) {
  const { t } = useTranslation('common');
  const upload = useMutation({
    mutationFn: async (file: File) => api.uploadImage({ base64Img: await squarePicture(file) }),
    onSuccess: onChange,
    onError: notifyError,
  });
  return (
    <Group gap="md" wrap="nowrap">
      <NameAvatar avatar={value} name={name} size={64} />
      <Stack gap={6}>
        <Group gap="xs">
          <FileButton
            accept="image/png,image/jpeg,image/webp,image/gif"
            onChange={(file) => file && upload.mutate(file)}
          >
            {(props) => (
              <Button {...props} size="xs" variant="default" loading={upload.isPending}>
                {t('avatar.choose')}
              </Button>
            )}
          </FileButton>
          {value !== '' && (
            <Button size="xs" variant="subtle" color="gray" onClick={() => onChange('')}>
              {t('avatar.remove')}
            </Button>
          )}
        </Group>
        <Text size="xs" c="dimmed">
          {t('avatar.kinds')}
        </Text>
      </Stack>
    </Group>
  );
}
