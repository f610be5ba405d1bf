import { Box, Button, Group, Paper, Title } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { lazy, Suspense, useCallback, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { newId } from '../../../chat/conversation/messages.ts';
import { Loading } from '../../../ui/loading.tsx';
import type { AppDetail } from '../queries.ts';
import classes from './simple-editor.module.css';
import type { Draft } from './use-draft.ts';

// The form can be used while the chat is still on its way.
const Chat = lazy(async () => ({ default: (await import('../../../chat/chat.tsx')).Chat }));

/** A chat with the app as the form says it, saved or not. */
export function Preview({ app, draft }: { app: AppDetail; draft: Draft }) {
  const { t } = useTranslation('apps');
  const [chatId, setChatId] = useState(newId);
  const { document } = draft;
  // Asked at each question, so that it is about the form as it stands then.
  const latest = useRef(document);
  latest.current = document;
  const trial = useCallback(() => latest.current, []);
  const target = useMemo(() => ({ appId: app._id, chatId, trial }), [app._id, chatId, trial]);
  const { name, avatar, intro } = app;
  const shown = useMemo(
    () => ({ name, avatar, intro, chatConfig: document.chatConfig }),
    [name, avatar, intro, document.chatConfig],
  );
  return (
    <Paper withBorder component="section" aria-label={t('preview.title')} className={classes.chat ?? ''}>
      <Group justify="space-between" px="md" py="xs" wrap="nowrap" className={classes.chatHead ?? ''}>
        <Title order={2} size="h5" title={t('preview.text')}>
          {t('preview.title')}
        </Title>
        <Button
          variant="subtle"
          color="gray"
          size="compact-sm"
          leftSection={<IconRefresh size={14} aria-hidden />}
          onClick={() => setChatId(newId())}
        >
          {t('preview.again')}
        </Button>
      </Group>
      <Box flex={1} mih={0}>
        <Suspense fallback={<Loading />}>
          <Chat key={chatId} target={target} app={shown} />
        </Suspense>
      </Box>
    </Paper>
  );
}
