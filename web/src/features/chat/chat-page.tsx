import { ActionIcon, Button, Group, Text, Title } from '@mantine/core';
import { useDisclosure, useDocumentTitle, useMediaQuery } from '@mantine/hooks';
import { IconLayoutSidebar, IconMessageCircle, IconMessageOff, IconMessagePlus } from '@tabler/icons-react';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { mayEdit, useMe } from '../../api/me.ts';
import { newId } from '../../chat/conversation/messages.ts';
import { initQuery } from '../../chat/conversation/queries.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { SidePanel } from '../../ui/modal.tsx';
import { NotFound } from '../../ui/not-found.tsx';
import { Tooltip } from '../../ui/tooltip.tsx';
import { AppPicker } from './app-picker.tsx';
import classes from './chat-page.module.css';
import { ChatWith } from './chat-with.tsx';
import { History } from './history.tsx';
import { appsQuery, recentAppsQuery, titleOf } from './queries.ts';
import { useNews } from './use-news.ts';
import { useVisibleHeight } from './use-visible-height.ts';

/** Chats that began in this page: the server knows them from their first question on. */
const begun = new Set<string>();

function beginChat(): string {
  const chatId = newId();
  begun.add(chatId);
  return chatId;
}

/** Talk to an app: which one, what was said before, and the chat itself. */
export function ChatPage() {
  const { t } = useTranslation('chat');
  const params: { appId?: string; chatId?: string } = useParams({ strict: false });
  const recent = useSuspenseQuery(recentAppsQuery);
  const all = useSuspenseQuery(appsQuery(''));
  const appId = params.appId ?? recent.data[0]?.appId ?? all.data[0]?._id;
  useDocumentTitle(`${t('title')} · Lectern`);
  if (!appId) return <NoApp />;
  return <ChatScreen appId={appId} chatId={params.chatId} />;
}

function NoApp() {
  const { t } = useTranslation('chat');
  const me = useMe();
  return (
    <EmptyState icon={IconMessageCircle} title={t('app.emptyTitle')} text={t('app.emptyText')}>
      {mayEdit(me) ? (
        <Button renderRoot={(props) => <Link to="/apps" {...props} />}>{t('app.create')}</Button>
      ) : (
        <Text size="sm">{t('app.askForOne')}</Text>
      )}
    </EmptyState>
  );
}

function ChatScreen({ appId, chatId }: { appId: string; chatId: string | undefined }) {
  const { t } = useTranslation('chat');
  const navigate = useNavigate();
  const height = useVisibleHeight();
  const wide = useMediaQuery('(min-width: 62em)', true, { getInitialValueInEffect: false });
  const [drawer, { open, close }] = useDisclosure(false);
  const [shown, { toggle }] = useDisclosure(true);
  // A new chat has its id from the start, and its address from the first question on.
  const [draft, setDraft] = useState(beginChat);
  const current = chatId ?? draft;
  useEffect(() => {
    if (chatId === draft) return;
    close();
  }, [chatId, draft, close]);
  const begin = () => {
    setDraft(beginChat());
    close();
    void navigate({ to: '/chat/$appId', params: { appId } });
  };
  useNews(appId, current);
  const init = useQuery(initQuery(appId, current));
  const app = init.data?.app;
  const title = init.data?.title
    ? titleOf({
        title: init.data.title,
        customTitle: init.data.customTitle ?? '',
        firstQuestion: init.data.firstQuestion ?? '',
      })
    : '';
  // An address of a chat that somebody opened, and that the server does not know (any more).
  const isGone = chatId !== undefined && !begun.has(chatId) && init.data && init.data.title === undefined;
  const isKnown = init.data?.title !== undefined;
  useEffect(() => {
    if (isKnown) begun.delete(current);
  }, [isKnown, current]);
  useDocumentTitle(`${title || app?.name || t('title')} · Lectern`);
  const history = (
    <History appId={appId} chatId={chatId} appName={app?.name ?? ''} onNew={begin} onOpen={close} />
  );
  if (init.error && 'status' in init.error && init.error.status === 404) return <NotFound />;
  return (
    <div className={classes.screen} style={{ height }}>
      {wide && shown && <aside className={classes.history}>{history}</aside>}
      <SidePanel label={t('history.label')} opened={!wide && drawer} onClose={close} size={320}>
        {history}
      </SidePanel>
      <div className={classes.main}>
        <Group className={classes.head} wrap="nowrap" gap="xs">
          <Tooltip label={t(wide && shown ? 'history.close' : 'history.open')}>
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t(wide && shown ? 'history.close' : 'history.open')}
              onClick={wide ? toggle : open}
            >
              <IconLayoutSidebar size={18} stroke={1.6} aria-hidden />
            </ActionIcon>
          </Tooltip>
          <AppPicker appId={appId} name={app?.name ?? ''} avatar={app?.avatar ?? ''} />
          <Title order={1} className={classes.title} title={title}>
            {title || t('history.untitled')}
          </Title>
          <Tooltip label={t('history.new')}>
            <ActionIcon variant="subtle" color="gray" aria-label={t('history.new')} onClick={begin}>
              <IconMessagePlus size={18} stroke={1.6} aria-hidden />
            </ActionIcon>
          </Tooltip>
        </Group>
        {isGone ? (
          <EmptyState icon={IconMessageOff} title={t('gone.title')} text={t('gone.text')}>
            <Button onClick={begin}>{t('history.new')}</Button>
          </EmptyState>
        ) : (
          <ChatWith key={current} appId={appId} chatId={current} isNew={chatId === undefined} />
        )}
      </div>
    </div>
  );
}
