import {
  Box,
  Button,
  Center,
  Group,
  Paper,
  Stack,
  Stepper,
  Text,
  Title,
  VisuallyHidden,
} from '@mantine/core';
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
import { ConnectModels } from '../settings/connect/connect-models.tsx';
import { leave } from './left.ts';
import { NextSteps } from './next-steps.tsx';

/** The first steps: a password of one's own, a model, and where to go from there. Each can be left for later. */
export function WelcomePage() {
  const { t } = useTranslation(['account', 'common']);
  useDocumentTitle(`${t('welcome.title')} · Lectern`);
  return (
    <Box component="main" mih="100dvh" px="md" py={{ base: 'md', sm: 'xl' }}>
      <Stack maw={760} mx="auto" gap="xl">
        <Group justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Mark size={36} />
            <Title order={1} size="h2">
              {t('welcome.title')}
            </Title>
          </Group>
          <Group gap={4} wrap="nowrap">
            <LanguageMenu />
            <SchemeToggle />
          </Group>
        </Group>
        <Suspense fallback={<Loading />}>
          <Dialogs>
            <Steps />
          </Dialogs>
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
    <Stack gap="lg">
      {names.length > 1 && (
        <Stepper
          active={at}
          size="sm"
          wrap={false}
          allowNextStepsSelect={false}
          onStepClick={() => undefined}
        >
          {names.map((each) => (
            <Stepper.Step
              key={each}
              label={<StepLabel text={t(`welcome.step.${each}`)} />}
              allowStepSelect={false}
            />
          ))}
        </Stepper>
      )}
      <Paper withBorder p={{ base: 'md', sm: 'xl' }} radius="lg">
        {name === 'password' && <PasswordStep forced={forced} onNext={() => setAt(at + 1)} />}
        {name === 'model' && <ModelStep onNext={() => setAt(at + 1)} />}
        {name === 'next' && <NextSteps />}
      </Paper>
      {!forced && name !== 'next' && (
        <Center>
          <Button variant="subtle" color="gray" onClick={later}>
            {t('welcome.later')}
          </Button>
        </Center>
      )}
    </Stack>
  );
}

/** Three names do not fit beside each other on a phone; there they are heard only, and the heading below is seen. */
function StepLabel({ text }: { text: string }) {
  return (
    <>
      <Box visibleFrom="sm">{text}</Box>
      <Box hiddenFrom="sm">
        <VisuallyHidden>{text}</VisuallyHidden>
      </Box>
    </>
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
      <ConnectModels onDone={onNext} />
      <Group justify="space-between" mt="sm">
        <Text size="sm" c="dimmed" flex="1 1 260px">
          {t('welcome.builtinText')}
        </Text>
        <Button variant="default" onClick={onNext}>
          {t('welcome.builtin')}
        </Button>
      </Group>
    </Stack>
  );
}
