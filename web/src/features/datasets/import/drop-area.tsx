import '@mantine/dropzone/styles.css';
import { Stack, Text } from '@mantine/core';
import { Dropzone, type DropzoneProps } from '@mantine/dropzone';
import type { Icon } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { notifyError } from '../../../ui/notify.ts';
import { ToldError } from '../../../ui/told-error.ts';

interface DropAreaProps {
  icon: Icon;
  /** What to drop here. */
  title: string;
  /** Which kinds, how many and how large. */
  text: string;
  /** Name of the button that chooses. */
  choose: string;
  accept?: DropzoneProps['accept'];
  onFiles: (files: File[]) => void;
}

/** Takes files that are dropped or chosen; names those that are not of a kind it takes. */
export function DropArea({ icon: Icon, title, text, choose, accept, onFiles }: DropAreaProps) {
  const { t } = useTranslation('datasets');
  return (
    <Dropzone
      onDrop={onFiles}
      onReject={(rejected) => {
        const names = rejected.map(({ file }) => file.name);
        const list = names.slice(0, 3).join(t('comma'));
        notifyError(new ToldError(t('import.otherKind', { count: names.length, list, kinds: text })));
      }}
      {...(accept && { accept })}
      p={{ base: 'md', sm: 'xl' }}
      inputProps={{ 'aria-label': choose }}
      aria-label={title}
    >
      <Stack align="center" gap={6} ta="center" style={{ pointerEvents: 'none' }}>
        <Icon size={36} stroke={1.4} aria-hidden />
        <Text fw={600}>{title}</Text>
        <Text size="sm" c="dimmed" maw={460}>
          {text}
        </Text>
      </Stack>
    </Dropzone>
  );
}
