import { Button, Text } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { NameAvatar } from '../../ui/name-avatar.tsx';
import classes from './chat-page.module.css';

// Comes when it is opened, or about to be: most people go on with the app that they have.
const load = () => import('./app-choices.tsx');
const AppChoices = lazy(load);
const prepare = () => void load().catch(() => undefined);

interface AppPickerProps {
  appId: string;
  name: string;
  avatar: string;
}

/** Which app one talks to, and the way to another. */
export function AppPicker({ appId, name, avatar }: AppPickerProps) {
  const { t } = useTranslation('chat');
  const [wanted, setWanted] = useState(false);
  const button = (
    <Button
      variant="subtle"
      color="gray"
      size="compact-md"
      className={classes.picker}
      title={`${t('app.choose')}: ${name}`}
      leftSection={<NameAvatar avatar={avatar} name={name} size={24} radius="sm" aria-hidden />}
      rightSection={<IconChevronDown size={14} aria-hidden />}
      onClick={() => setWanted(true)}
      onPointerEnter={prepare}
      onFocus={prepare}
    >
      <Text span fw={600} size="sm" c="bright" truncate>
        {name}
      </Text>
    </Button>
  );
  if (!wanted) return button;
  return (
    <Suspense fallback={button}>
      <AppChoices appId={appId} target={button} />
    </Suspense>
  );
}
