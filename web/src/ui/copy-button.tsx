import { ActionIcon, Button } from '@mantine/core';
import { useTimeout } from '@mantine/hooks';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { copyText } from './copy-text.ts';
import { Tooltip } from './tooltip.tsx';

/** Copies a text; with `label` as a button, without as an icon. */
export function CopyButton({ value, label }: { value: string; label?: string }) {
  const { t } = useTranslation('common');
  const [copied, setCopied] = useState(false);
  const { start } = useTimeout(() => setCopied(false), 2000);
  const copy = async () => {
    if (!(await copyText(value))) return;
    setCopied(true);
    start();
  };
  const icon = copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />;
  if (label)
    return (
      <Button variant="default" leftSection={icon} onClick={copy}>
        {copied ? t('action.copied') : label}
      </Button>
    );
  const text = t(copied ? 'action.copied' : 'action.copy');
  return (
    <Tooltip label={text}>
      <ActionIcon variant="subtle" color="gray" aria-label={text} onClick={copy}>
        {icon}
      </ActionIcon>
    </Tooltip>
  );
}
