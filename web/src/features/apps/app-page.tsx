import { useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useMemo } from 'react';
import { AppFrame } from './app-frame.tsx';
import { ReadOnlyNotice, WorkflowNotice } from './editor/notices.tsx';
import { SimpleEditor } from './editor/simple-editor.tsx';
import { storedSettings } from './editor/use-draft.ts';
import { appQuery } from './queries.ts';

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
      {app.permission.hasWritePer ? <WorkflowNotice app={app} /> : <ReadOnlyNotice app={app} />}
    </AppFrame>
  );
}
