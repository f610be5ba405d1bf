import { Button, Group, Stack, Textarea } from '@mantine/core';
import { type ReactElement, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Popover } from '../ui/popover-parts.ts';

interface FeedbackReasonProps {
  /** The button beside which it asks. */
  target: ReactElement;
  opened: boolean;
  onClose: () => void;
  /** Called with what was written, which may be nothing. */
  onSend: (reason: string) => void;
}

/** Asks what was wrong with an answer. */
export default function FeedbackReason({ target, opened, onClose, onSend }: FeedbackReasonProps) {
  const { t } = useTranslation('chat');
  const [reason, setReason] = useState('');
  useEffect(() => {
    if (opened) setReason('');
  }, [opened]);
  return (
    <Popover
      opened={opened}
      onChange={(open) => !open && onClose()}
      position="top-start"
      width={300}
      withArrow
      trapFocus
      returnFocus
    >
      <Popover.Target>{target}</Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs">
          <Textarea
            label={t('feedback.title')}
            description={t('feedback.text')}
            placeholder={t('feedback.placeholder')}
            autosize
            minRows={2}
            maxRows={6}
            maxLength={2000}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <Group justify="flex-end">
            <Button size="xs" onClick={() => onSend(reason.trim())}>
              {t('feedback.send')}
            </Button>
          </Group>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
