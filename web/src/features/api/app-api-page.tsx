import { useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { AppFrame } from '../apps/app-frame.tsx';
import { appQuery } from '../apps/queries.ts';

const route = getRouteApi('/shell/apps/$appId/api');

/** What a program needs to use an app. */
export function AppApiPage() {
  const { appId } = route.useParams();
  const { data: app } = useSuspenseQuery(appQuery(appId));
  return (
    <AppFrame app={app} tab="api">
      {null}
    </AppFrame>
  );
}
