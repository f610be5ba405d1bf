import { Box } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useMemo } from 'react';
import { initQuery } from '../../chat/conversation/queries.ts';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { Loading } from '../../ui/loading.tsx';
import classes from './chat-page.module.css';
import { useCitedPlace } from './use-cited-place.ts';

/** Comes with the first chat that is opened: the list of chats does without. */
const Chat = lazy(() => import('../../chat/chat.tsx').then((module) => ({ default: module.Chat })));

/** One chat with an app; a new one gets its address with its first question. */
export function ChatWith({ appId, chatId, isNew }: { appId: string; chatId: string; isNew: boolean }) {
  const navigate = useNavigate();
  const source = useCitedPlace();
  const init = useQuery(initQuery(appId, chatId));
  const target = useMemo(() => ({ appId, chatId }), [appId, chatId]);
  // What is open stays, also when it cannot be read once more.
  if (init.error && !init.data)
    return (
      <Box p="md">
        <ErrorAlert error={init.error} onRetry={() => void init.refetch()} />
      </Box>
    );
  if (!init.data) return <Loading />;
  return (
    <div className={classes.chat}>
      <Suspense fallback={<Loading />}>
        <Chat
          target={target}
          app={init.data.app}
          running={init.data.chatGenerateStatus === 'generating'}
          storedVariables={init.data.variables}
          source={source}
          autoFocus={window.matchMedia('(hover: hover)').matches}
          onStored={() => {
            if (isNew)
              void navigate({
                to: '/chat/$appId/$chatId',
                params: { appId, chatId },
                search: true,
                replace: true,
              });
          }}
        />
      </Suspense>
    </div>
  );
}
