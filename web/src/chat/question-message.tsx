import { ActionIcon, Box, Button, Group, Text, Textarea } from '@mantine/core';
import { IconFile, IconPencil, IconPhoto } from '@tabler/icons-react';
import { type KeyboardEvent, memo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CopyButton } from '../ui/copy-button.tsx';
import { Tooltip } from '../ui/tooltip.tsx';
import classes from './chat.module.css';
import type { Message } from './conversation/messages.ts';
import { isComposing } from './is-composing.ts';

interface QuestionMessageProps {
  message: Pick<Message, 'id' | 'text' | 'files'>;
  /** Something is being written: nothing can be changed now. */
  disabled: boolean;
  onResend: (text: string) => void;
}

/** What a person asked, with its files; it can be changed and asked again. */
export const QuestionMessage = memo(function QuestionMessage({
  message,
  disabled,
  onResend,
}: QuestionMessageProps) {
  const { t } = useTranslation('chat');
  const [editing, setEditing] = useState(false);
  if (editing)
    return (
      <QuestionEditor
        text={message.text}
        onCancel={() => setEditing(false)}
        onSend={(text) => {
          setEditing(false);
          onResend(text);
        }}
      />
    );
  return (
    <div className={classes.question}>
      {message.files.length > 0 && (
        <div className={classes.files}>
          {message.files.map((file) => (
            <span key={file.url} className={classes.file}>
              {file.type === 'image' ? (
                <IconPhoto size={14} aria-hidden />
              ) : (
                <IconFile size={14} aria-hidden />
              )}
              <span title={file.name}>{file.name}</span>
            </span>
          ))}
        </div>
      )}
      <div className={classes.asked}>
        {!disabled && message.id && (
          <div className={classes.actions}>
            <Tooltip label={t('message.edit')}>
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={t('message.edit')}
                onClick={() => setEditing(true)}
              >
                <IconPencil size={16} aria-hidden />
              </ActionIcon>
            </Tooltip>
            <CopyButton value={message.text} />
          </div>
        )}
        {message.text && <div className={classes.bubble}>{message.text}</div>}
      </div>
    </div>
  );
});

interface QuestionEditorProps {
  text: string;
  onCancel: () => void;
  onSend: (text: string) => void;
}

function QuestionEditor({ text, onCancel, onSend }: QuestionEditorProps) {
  const { t } = useTranslation(['chat', 'common']);
  const [value, setValue] = useState(text);
  const wanted = value.trim();
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') onCancel();
    if (event.key !== 'Enter' || event.shiftKey || isComposing(event)) return;
    event.preventDefault();
    if (wanted) onSend(wanted);
  };
  return (
    <Box my="md">
      <Textarea
        aria-label={t('chat:message.edit')}
        autosize
        minRows={2}
        maxRows={12}
        data-autofocus
        autoFocus
        value={value}
        onChange={(event) => setValue(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <Group justify="space-between" mt="xs" gap="xs">
        <Text size="xs" c="dimmed">
          {t('chat:message.editNotice')}
        </Text>
        <Group gap="xs">
          <Button size="xs" variant="default" onClick={onCancel}>
            {t('common:action.cancel')}
          </Button>
          <Button size="xs" disabled={!wanted} onClick={() => onSend(wanted)}>
            {t('chat:message.saveEdit')}
          </Button>
        </Group>
      </Group>
    </Box>
  );
}
