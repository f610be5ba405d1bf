import type { ChatConfig } from '@lectern/contract/workflow.ts';
import { Box } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { lazy, Suspense, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorAlert } from '../ui/error-alert.tsx';
import { Loading } from '../ui/loading.tsx';
import { SidePanel } from '../ui/modal.tsx';
import classes from './chat.module.css';
import { type CitedPlace, useCited } from './citations/use-cited.ts';
import { Composer } from './composer.tsx';
import type { Target } from './conversation/source.ts';
import { useConversation } from './conversation/use-conversation.ts';
import { useVariables } from './conversation/use-variables.ts';
import { prepareMarkdown } from './markdown/lazy-markdown.tsx';
import { Welcome } from './welcome.tsx';

const loadMessageList = () => import('./message-list.tsx');
const MessageList = lazy(async () => ({ default: (await loadMessageList()).MessageList }));
/** Has what shows and parses an answer ready before the first one comes. */
const prepareAnswer = () => {
  void loadMessageList().catch(() => undefined);
  prepareMarkdown();
};
const CitationPanel = lazy(() => import('./citations/citation-panel.tsx'));
const VariablesForm = lazy(() =>
  import('./variables-form.tsx').then((module) => ({ default: module.VariablesForm })),
);

/** An app as its chat shows it. */
export interface ChatApp {
  name: string;
  avatar?: string | undefined;
  intro?: string | undefined;
  chatConfig: ChatConfig;
}

interface ChatProps {
  target: Target;
  app: ChatApp;
  /** An answer is being written that was asked for before this page was opened. */
  running?: boolean;
  /** What the chat was given before. */
  storedVariables?: Record<string, unknown> | undefined;
  autoFocus?: boolean;
  /** Where it is kept which source is open; absent = here only. */
  source?: CitedPlace;
  /** Called when the server has a question: before that there is no chat. */
  onStored?: () => void;
}

/** Below this width, in pixels, a source covers the chat instead of standing beside it. */
const besideFrom = 760;

/**
 * A conversation with an app: what was said, what is being written, and where to ask. It fills the box that it is put
 * in. Give it `key={chatId}`.
 */
export function Chat({
  target,
  app,
  running = false,
  storedVariables,
  autoFocus = false,
  source,
  onStored,
}: ChatProps) {
  const { t } = useTranslation('chat');
  const { ref, width } = useElementSize();
  const variables = useVariables(app.chatConfig.variables ?? [], storedVariables);
  const conversation = useConversation(target, running, variables.values, onStored);
  const { messages, live, loading, loadError } = conversation;
  const { cited, show, move, close } = useCited(messages, source);
  const isNew = messages.length === 0 && !live;
  const askable = !isNew || variables.complete;
  const { ask } = conversation;
  const surroundings = useMemo(
    () => ({ appId: target.appId, allowedHosts: app.chatConfig.allowedHosts ?? [] }),
    [target.appId, app.chatConfig.allowedHosts],
  );
  const beside = width >= besideFrom;
  const [wide, setWide] = useState(false);
  const panel = cited && (
    <Suspense fallback={<Loading />}>
      <CitationPanel
        {...cited}
        target={target}
        allowedHosts={surroundings.allowedHosts}
        onMove={move}
        onClose={close}
        width={beside ? { wide, onToggle: () => setWide(!wide) } : undefined}
      />
    </Suspense>
  );
  return (
    <div ref={ref} className={classes.chat}>
      <div className={classes.talk}>
        {loadError ? (
          <Box p="md">
            <ErrorAlert error={loadError} onRetry={conversation.reload} />
          </Box>
        ) : loading ? (
          <Loading />
        ) : isNew ? (
          <Welcome
            app={app}
            onAsk={askable ? (text) => ask(text, []) : undefined}
            surroundings={surroundings}
          >
            <Suspense fallback={<Loading />}>
              {variables.asked.length > 0 && <VariablesForm variables={variables} />}
            </Suspense>
          </Welcome>
        ) : (
          <Suspense fallback={<Loading />}>
            <MessageList
              conversation={conversation}
              target={target}
              surroundings={surroundings}
              onCite={show}
            />
          </Suspense>
        )}
        <Composer
          appId={target.appId}
          appName={app.name}
          config={app.chatConfig}
          busy={live !== undefined && live.phase !== 'failed'}
          blocked={askable ? undefined : t('composer.fillVariables')}
          autoFocus={autoFocus && askable}
          onWrite={prepareAnswer}
          onSend={ask}
          onStop={conversation.stop}
        />
      </div>
      {beside && panel && (
        <aside className={classes.panel} data-wide={wide}>
          {panel}
        </aside>
      )}
      <SidePanel
        label={t('message.sources')}
        opened={!beside && panel !== undefined}
        onClose={close}
        position="right"
        size={width < 560 ? '100%' : 480}
      >
        {panel}
      </SidePanel>
    </div>
  );
}
