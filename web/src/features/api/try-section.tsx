import { Badge, Button, Collapse, Group, Paper, PasswordInput, Stack, Text, Textarea } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlayerPlay, IconPlayerStop } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { FoldButton } from '../../ui/fold-button.tsx';
import { formatDuration } from '../../ui/format.ts';
import { Section } from '../../ui/section.tsx';
import { CodeBlock } from './code-block.tsx';
import type { Sample } from './use-sample.ts';
import { type TrialAnswer, useTrial } from './use-trial.ts';

interface TrySectionProps {
  sample: Sample;
  /** In plain text, as typed or just created. */
  appKey: string;
  onKey: (key: string) => void;
}

/** Sends the call for real and shows what comes back. */
export function TrySection({ sample, appKey, onKey }: TrySectionProps) {
  const { t } = useTranslation('api');
  const { settings, change } = sample;
  const { answer, send, sending, error, stop } = useTrial(settings);
  const ready = appKey.trim() !== '' && settings.question.trim() !== '';
  return (
    <Section title={t('try.title')} text={t('try.text')}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (ready && !sending) send();
        }}
      >
        <Stack gap="sm">
          <PasswordInput
            label={t('try.key')}
            description={t('try.keyHint')}
            placeholder="fastgpt-…"
            value={appKey}
            onChange={(event) => onKey(event.currentTarget.value)}
            autoComplete="off"
            visibilityToggleButtonProps={{ 'aria-label': t('try.showKey') }}
          />
          <Textarea
            label={t('try.question')}
            value={settings.question}
            onChange={(event) => change({ question: event.currentTarget.value })}
            autosize
            minRows={2}
            maxRows={6}
          />
          <Group>
            {sending ? (
              <Button variant="default" leftSection={<IconPlayerStop size={16} aria-hidden />} onClick={stop}>
                {t('try.stop')}
              </Button>
            ) : (
              <Button type="submit" leftSection={<IconPlayerPlay size={16} aria-hidden />} disabled={!ready}>
                {t('try.send')}
              </Button>
            )}
            {!ready && (
              <Text size="xs" c="dimmed">
                {t('try.needsKey')}
              </Text>
            )}
          </Group>
        </Stack>
      </form>
      {error && !sending && <ErrorAlert error={error} />}
      {answer && <Outcome answer={answer} sending={sending} />}
    </Section>
  );
}

function Outcome({ answer, sending }: { answer: TrialAnswer; sending: boolean }) {
  const { t } = useTranslation('api');
  const [opened, { toggle }] = useDisclosure(false);
  const ok = answer.status < 300;
  return (
    <Stack gap="xs" mt="md">
      <Group gap="xs">
        <Badge color={ok ? 'teal' : 'red'} variant="light" tt="none">
          {t('try.status', { status: answer.status })}
        </Badge>
        <Text size="xs" c="dimmed">
          {formatDuration(answer.ms / 1000)}
        </Text>
      </Group>
      <Paper withBorder p="sm" aria-live="polite" aria-busy={sending}>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard */}
        <div style={{ maxHeight: 320, overflowY: 'auto' }} tabIndex={0}>
          <Text size="sm" style={{ whiteSpace: 'pre-wrap' }} {...(!ok && { c: 'red' })}>
            {answer.text || t('try.empty')}
          </Text>
        </div>
      </Paper>
      {answer.body !== undefined && (
        <>
          <FoldButton opened={opened} onClick={toggle} controls="trial-body">
            {t('try.body')}
          </FoldButton>
          <Collapse expanded={opened} id="trial-body">
            <CodeBlock code={answer.body} label={t('try.body')} />
          </Collapse>
        </>
      )}
    </Stack>
  );
}
