import { ActionIcon, FileButton } from '@mantine/core';
import { IconPaperclip } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Tooltip } from '../ui/tooltip.tsx';
import type { FileRules } from './file-rules.ts';
import type { UploadedFiles } from './use-uploads.ts';

/** Chooses files that go along with a question. */
export function AttachButton({ rules, uploads }: { rules: FileRules; uploads: UploadedFiles }) {
  const { t } = useTranslation('chat');
  return (
    <FileButton multiple accept={rules.accept} onChange={(files) => uploads.add(files)}>
      {(props) => (
        <Tooltip label={t('composer.attach')}>
          <ActionIcon
            {...props}
            size={36}
            radius="xl"
            variant="subtle"
            color="gray"
            aria-label={t('composer.attach')}
          >
            <IconPaperclip size={18} stroke={1.6} aria-hidden />
          </ActionIcon>
        </Tooltip>
      )}
    </FileButton>
  );
}
