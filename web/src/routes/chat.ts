import { createRoute } from '@tanstack/react-router';
import { lazyPage } from './lazy-page.ts';
import { shellRoute } from './root.ts';

/** One screen for all its addresses, so that a chat that gets its address with the first question stays as it is. */
const chatRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/chat',
  component: lazyPage(() => import('../features/chat/chat-page.tsx'), 'ChatPage'),
});
const chatAppRoute = createRoute({ getParentRoute: () => chatRoute, path: '/$appId' });
const chatOneRoute = createRoute({ getParentRoute: () => chatRoute, path: '/$appId/$chatId' });

export const chatRoutes = [chatRoute.addChildren([chatAppRoute, chatOneRoute])] as const;
