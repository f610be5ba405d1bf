import { Box, Stack } from '@mantine/core';
import { useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Section } from '../../ui/section.tsx';
import { AppFrame } from '../apps/app-frame.tsx';
import { appQuery } from '../apps/queries.ts';
import { AddressSection } from './address-section.tsx';
import classes from './app-api-page.module.css';
import { AppKeysSection } from './app-keys-section.tsx';
import { CodeSection } from './code-section.tsx';
import { TrySection } from './try-section.tsx';
import { useSample } from './use-sample.ts';

const route = getRouteApi('/shell/apps/$appId/api');

/** "Use it from your code": everything a program needs to call an app. */
export function AppApiPage() {
  const { t } = useTranslation('api');
  const { appId } = route.useParams();
  const { data: app } = useSuspenseQuery(appQuery(appId));
  const mayEdit = app.permission.hasWritePer;
  const [key, setKey] = useState('');
  const sample = useSample(app, key);
  return (
    <AppFrame app={app} tab="api">
      <Stack gap="md">
        <AddressSection appId={appId} />
        {mayEdit ? (
          <AppKeysSection appId={appId} onCreated={setKey} />
        ) : (
          <Section title={t('appKeys.title')} text={t('appKeys.notYours')} />
        )}
        <Box className={classes.columns}>
          <CodeSection sample={sample} />
          <TrySection sample={sample} appKey={key} onKey={setKey} />
        </Box>
      </Stack>
    </AppFrame>
  );
}
