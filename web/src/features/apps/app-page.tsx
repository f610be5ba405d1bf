import { useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { lazy, Suspense, useMemo } from 'react';
import { Loading } from '../../ui/loading.tsx';
import { AppFrame } from './app-frame.tsx';
import { SimpleEditor } from './editor/simple-editor.tsx';
import { storedSettings } from './editor/use-draft.ts';
import { appQuery } from './queries.ts';

const WorkflowNotice = lazy(async () => ({
  default: (await import('./editor/notices.tsx')).WorkflowNotice,
}));
const ReadOnlyNotice = lazy(async () => ({
  default: (await import('./editor/notices.tsx')).ReadOnlyNotice,
}));

const route = getRouteApi('/shell/apps/$appId');

/** One app: its form, or what can be done with one that has none. */
export function AppPage() {
  const { appId } = route.useParams();
  const { data: app } = useSuspenseQuery(appQuery(appId));
  const settings = useMemo(() => storedSettings(app), [app]);
  if (app.permission.hasWritePer && settings)
    // Another app begins with a form of its own.
    return <SimpleEditor key={appId} app={app} stored={settings} />;
  return (
    <AppFrame app={app} tab="setup">
      <Suspense fallback={<Loading />}>
        {app.permission.hasWritePer ? <WorkflowNotice app={app} /> : <ReadOnlyNotice app={app} />}
      </Suspense>
    </AppFrame>
  );
}
