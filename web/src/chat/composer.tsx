import type { ChatConfig } from '@lectern/contract/workflow.ts';
import { ActionIcon, Group, Text, Textarea } from '@mantine/core';
import { IconArrowUp, IconPlayerStopFilled } from '@tabler/icons-react';
import { type KeyboardEvent, lazy, Suspense, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Tooltip } from '../ui/tooltip.tsx';
import classes from './chat.module.css';
import type { SentFile } from './conversation/messages.ts';
import { fileRules } from './file-rules.ts';
import { isComposing } from './is-composing.ts';
import { loadAttaching, useUploads } from './use-uploads.ts';

// Most apps take no files.
const AttachButton = lazy(async () => ({ default: (await loadAttaching()).AttachButton }));
const FileChips = lazy(async () => ({ default: (await loadAttaching()).FileChips }));

interface ComposerProps {
  appId: string;
  appName: string;
  config: ChatConfig;
  /** An answer is being written: it can be stopped, and nothing else is asked meanwhile. */
  busy: boolean;
  /** Why nothing can be asked yet. */
  blocked: string | undefined;
  autoFocus: boolean;
  /** Called when somebody begins to write. */
  onWrite: () => void;
  onSend: (text: string, files: readonly SentFile[]) => void;
  onStop: () => void;
}

/** Where a question is written. Enter sends, Shift and Enter begin a line; the Enter of an input method does neither. */
export function Composer({
  appId,
  appName,
  config,
  busy,
  blocked,
  autoFocus,
  onWrite,
  onSend,
  onStop,
}: ComposerProps) {
  const { t } = useTranslation('chat');
  const [text, setText] = useState('');
  const field = useRef<HTMLTextAreaElement>(null);
  const rules = fileRules(config);
  const uploads = useUploads(appId, rules);
  const wanted = text.trim();
  const canSend = !busy && !blocked && !uploads.incomplete && (wanted !== '' || uploads.files.length > 0);
  useEffect(() => {
    if (autoFocus) field.current?.focus();
  }, [autoFocus]);
  const send = () => {
    if (!canSend) return;
    onSend(wanted, uploads.files);
    setText('');
    uploads.clear();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || isComposing(event)) return;
    event.preventDefault();
    send();
  };
  return (
    <div className={classes.composer}>
      <div className={classes.box}>
        {uploads.shown.length > 0 && (
          <Suspense>
            <FileChips uploads={uploads} />
          </Suspense>
        )}
        <Group gap={6} align="flex-end" wrap="nowrap">
          {rules && (
            <Suspense>
              <AttachButton rules={rules} uploads={uploads} />
            </Suspense>
          )}
          <Textarea
            ref={field}
            flex={1}
            variant="unstyled"
            aria-label={t('composer.label')}
            placeholder={blocked ?? t('composer.placeholder', { app: shortName(appName) })}
            autosize
            minRows={1}
            maxRows={8}
            maxLength={100_000}
            enterKeyHint="send"
            px="xs"
            value={text}
            onInput={onWrite}
            onChange={(event) => setText(event.currentTarget.value)}
            onKeyDown={onKeyDown}
            onPaste={(event) => {
              // What is copied from an editor is text, with a picture of it beside.
              if (!event.clipboardData.types.includes('text/plain'))
                uploads.add([...event.clipboardData.files]);
            }}
          />
          {busy ? (
            <Tooltip label={t('composer.stop')}>
              <ActionIcon size={36} radius="xl" aria-label={t('composer.stop')} onClick={onStop}>
                <IconPlayerStopFilled size={16} aria-hidden />
              </ActionIcon>
            </Tooltip>
          ) : (
            <ActionIcon
              size={36}
              radius="xl"
              aria-label={t('composer.send')}
              disabled={!canSend}
              onClick={send}
            >
              <IconArrowUp size={18} aria-hidden />
            </ActionIcon>
          )}
        </Group>
      </div>
      <Text size="xs" c="dimmed" className={classes.hint} visibleFrom="sm">
        {t('composer.hint')}
      </Text>
    </div>
  );
}

/** A long name would make the empty field many lines tall. */
const shortName = (name: string) => (name.length > 40 ? `${name.slice(0, 39).trimEnd()}…` : name);
