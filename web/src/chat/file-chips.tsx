import { Button, Loader, UnstyledButton } from '@mantine/core';
import { IconAlertTriangle, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { describeError } from '../ui/describe-error.ts';
import { formatPercent } from '../ui/format.ts';
import classes from './chat.module.css';
import type { Upload, UploadedFiles } from './use-uploads.ts';

/** The files of a question that is being written: how far each is, or why it did not get through. */
export function FileChips({ uploads }: { uploads: UploadedFiles }) {
  const { t } = useTranslation('chat');
  if (uploads.shown.length === 0) return null;
  return (
    <ul className={classes.files} aria-label={t('composer.files')}>
      {uploads.shown.map((upload) => (
        <Chip
          key={upload.key}
          upload={upload}
          onRetry={() => uploads.retry(upload)}
          onRemove={() => uploads.remove(upload.key)}
        />
      ))}
    </ul>
  );
}

interface ChipProps {
  upload: Upload;
  onRetry: () => void;
  onRemove: () => void;
}

function Chip({ upload: { file, share, sent, error }, onRetry, onRemove }: ChipProps) {
  const { t } = useTranslation('chat');
  const { name } = file;
  const failed = error !== undefined;
  return (
    <li className={classes.file} data-failed={failed}>
      {failed && <IconAlertTriangle size={14} aria-hidden />}
      {!failed && !sent && <Loader size={12} aria-label={t('composer.uploading', { name })} />}
      <span title={name}>{name}</span>
      {!failed && !sent && <span className={classes.share}>{formatPercent(share)}</span>}
      {failed && (
        <>
          <span role="alert" className={classes.reason}>
            {describeError(error).message}
          </span>
          <Button
            size="compact-xs"
            variant="default"
            flex="none"
            aria-label={t('composer.againFor', { name })}
            onClick={onRetry}
          >
            {t('composer.again')}
          </Button>
        </>
      )}
      <UnstyledButton flex="none" aria-label={t('composer.remove', { name })} onClick={onRemove}>
        <IconX size={14} aria-hidden />
      </UnstyledButton>
    </li>
  );
}
