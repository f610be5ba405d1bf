import { Anchor, Group, Switch, Tabs, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Trans, useTranslation } from 'react-i18next';
import { Section } from '../../ui/section.tsx';
import { CodeBlock } from './code-block.tsx';
import { languages, sampleOf } from './code-samples.ts';
import type { Sample } from './use-sample.ts';

const names = { curl: 'curl', typescript: 'TypeScript', python: 'Python' } as const;

/** The call as code, with the real address and ids. */
export function CodeSection({ sample }: { sample: Sample }) {
  const { t } = useTranslation('api');
  const { settings, change } = sample;
  return (
    <Section title={t('code.title')} text={t('code.text')}>
      <Group mb="sm" gap="lg">
        <Switch
          label={t('code.stream')}
          checked={settings.stream}
          onChange={(event) => change({ stream: event.currentTarget.checked })}
        />
        <Switch
          label={t('code.keep')}
          checked={settings.chatId !== undefined}
          onChange={(event) => change({ chatId: event.currentTarget.checked ? 'conversation-1' : undefined })}
        />
      </Group>
      <Tabs defaultValue="curl">
        <Tabs.List>
          {languages.map((language) => (
            <Tabs.Tab key={language} value={language}>
              {names[language]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {languages.map((language) => (
          <Tabs.Panel key={language} value={language} pt="sm">
            <CodeBlock
              code={sampleOf(language, settings)}
              label={t('code.label', { name: names[language] })}
            />
          </Tabs.Panel>
        ))}
      </Tabs>
      <Text size="xs" c="dimmed" mt="sm">
        <Trans
          t={t}
          i18nKey="code.more"
          components={{
            docs: (
              <Anchor inherit underline="always" renderRoot={(props) => <Link to="/api-docs" {...props} />} />
            ),
          }}
        />
      </Text>
    </Section>
  );
}
