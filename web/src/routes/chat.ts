import { createRoute } from '@tanstack/react-router';
import { lazyPage } from './lazy-page.ts';
import { shellRoute } from './root.ts';

interface ChatSearch {
  /** The id of the passage that is open beside the chat, or over it on a phone. */
  source?: string;
}

declare module '@tanstack/react-router' {
  interface HistoryState {
    /** The source was opened from this chat: the step before is the chat without it. */
    openedSource?: boolean | undefined;
  }
}

/** One screen for all its addresses, so that a chat that gets its address with the first question stays as it is. */
const chatRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/chat',
  validateSearch: ({ source }: Record<string, unknown>): ChatSearch =>
    typeof source === 'string' && /^[0-9a-f]{24}$/.test(source) ? { source } : {},
  component: lazyPage(() => import('../features/chat/chat-page.tsx'), 'ChatPage'),
});
const chatAppRoute = createRoute({ getParentRoute: () => chatRoute, path: '/$appId' });
const chatOneRoute = createRoute({ getParentRoute: () => chatRoute, path: '/$appId/$chatId' });

export const chatRoutes = [chatRoute.addChildren([chatAppRoute, chatOneRoute])] as const;
