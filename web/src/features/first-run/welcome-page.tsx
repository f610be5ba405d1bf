import { Box, Button, Center, Group, Paper, Stack, Stepper, Text, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { initQuery } from '../../api/init.ts';
import { Dialogs } from '../../app/dialogs.tsx';
import { LanguageMenu } from '../../app/language-menu.tsx';
import { Mark } from '../../app/mark.tsx';
import { SchemeToggle } from '../../app/scheme-toggle.tsx';
import { Loading } from '../../ui/loading.tsx';
import { PasswordForm } from '../account/password-form.tsx';
import { ConnectModels, type Outcome } from '../settings/connect/connect-models.tsx';
import { leave } from './left.ts';
import { NextSteps } from './next-steps.tsx';
import classes from './welcome-page.module.css';

/** The first steps: a password of one's own, a model, and where to go from there. Each can be left for later. */
export function WelcomePage() {
  const { t } = useTranslation(['account', 'common']);
  useDocumentTitle(`${t('welcome.title')} · Lectern`);
  return (
    <Box component="main" mih="100dvh" px="md" py={{ base: 'md', sm: 'xl' }}>
      <Stack maw={760} mx="auto" gap="md">
        <Group justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Mark size={32} />
            <Title order={1} fz={{ base: 'lg', sm: 'h3' }}>
              {t('welcome.title')}
            </Title>
          </Group>
          <Group gap={4} wrap="nowrap">
            <LanguageMenu />
            <SchemeToggle />
          </Group>
        </Group>
        <Suspense fallback={<Loading />}>
          <Steps />
          <Dialogs />
        </Suspense>
      </Stack>
    </Box>
  );
}

type StepName = 'password' | 'model' | 'next';

function Steps() {
  const { t } = useTranslation(['account', 'common']);
  const navigate = useNavigate();
  const { session } = useSuspenseQuery(initQuery).data;
  const [names] = useState<StepName[]>(() => [
    ...(session?.mustChangePassword || session?.passwordIsFirst ? (['password'] as const) : []),
    ...(session?.rights.includes('installation:manage') ? (['model'] as const) : []),
    'next',
  ]);
  const [at, setAt] = useState(0);
  const name = names[at] ?? 'next';
  const forced = session?.mustChangePassword === true;
  const later = async () => {
    leave();
    await navigate({ to: '/' });
  };
  return (
    <Stack gap="md">
      {names.length > 1 && (
        <>
          <Box visibleFrom="sm">
            <Stepper active={at} size="sm" allowNextStepsSelect={false} onStepClick={() => undefined}>
              {names.map((each) => (
                <Stepper.Step key={each} label={t(`welcome.step.${each}`)} allowStepSelect={false} />
              ))}
            </Stepper>
          </Box>
          <Text size="sm" c="dimmed" hiddenFrom="sm">
            {t('welcome.stepOf', { at: at + 1, of: names.length, name: t(`welcome.step.${name}`) })}
          </Text>
        </>
      )}
      <Paper withBorder radius="lg" className={classes.card}>
        {name === 'password' && <PasswordStep forced={forced} onNext={() => setAt(at + 1)} />}
        {name === 'model' && <ModelStep onNext={() => setAt(at + 1)} />}
        {name === 'next' && <NextSteps />}
      </Paper>
      {!forced && name === 'password' && (
        <Center>
          <Button variant="subtle" color="gray" onClick={later}>
            {t('welcome.later')}
          </Button>
        </Center>
      )}
    </Stack>
  );
}

function PasswordStep({ forced, onNext }: { forced: boolean; onNext: () => void }) {
  const { t } = useTranslation(['account', 'common']);
  // It is no longer forced at the moment it is done, but the form stays what it was.
  const [expired] = useState(forced);
  return (
    <Stack>
      <Box>
        <Title order={2} size="h3">
          {t('welcome.passwordTitle')}
        </Title>
        <Text c="dimmed" mt={4}>
          {t(expired ? 'welcome.passwordForced' : 'welcome.passwordText')}
        </Text>
      </Box>
      <PasswordForm expired={expired} submit={t('welcome.passwordSubmit')} onDone={onNext} />
      {!expired && (
        <Group>
          <Button variant="subtle" px={0} onClick={onNext}>
            {t('welcome.passwordKeep')}
          </Button>
        </Group>
      )}
    </Stack>
  );
}

function ModelStep({ onNext }: { onNext: () => void }) {
  const { t } = useTranslation('account');
  return (
    <Stack>
      <Box>
        <Title order={2} size="h3">
          {t('welcome.modelTitle')}
        </Title>
        <Text c="dimmed" mt={4}>
          {t('welcome.modelText')}
        </Text>
      </Box>
      <ConnectModels onDone={onNext} footer={(outcome) => <GoOn outcome={outcome} onNext={onNext} />} />
    </Stack>
  );
}

/** The way on, whatever was connected; it stays in sight while the form above it scrolls. */
function GoOn({ outcome, onNext }: { outcome: Outcome; onNext: () => void }) {
  const { t } = useTranslation(['account', 'settings']);
  const said = {
    none: { text: t('welcome.builtinText'), action: t('welcome.builtin') },
    found: { text: '', action: t('settings:connect.useThese') },
    works: { text: t('settings:connect.works'), action: t('settings:connect.continue') },
    fails: { text: t('settings:connect.mend'), action: t('settings:connect.continueAnyway') },
  }[outcome];
  const ready = outcome === 'found' || outcome === 'works';
  return (
    <Group justify="space-between" gap="sm" className={classes.goOn}>
      {said.text && (
        <Text size="sm" c="dimmed" flex="1 1 220px">
          {said.text}
        </Text>
      )}
      <Button variant={ready ? 'filled' : 'default'} onClick={onNext} ml={{ sm: 'auto' }}>
        {said.action}
      </Button>
    </Group>
  );
}
