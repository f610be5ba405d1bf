import { Button, Group, Paper, ScrollArea, Stack, Text, Textarea } from '@mantine/core';
import { IconSparkles } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorAlert } from '../../../ui/error-alert.tsx';
import { Modal } from '../../../ui/modal.tsx';
import { myModelsQuery } from '../queries.ts';
import { useOptimizedPrompt } from './use-optimized-prompt.ts';

interface OptimizeProps {
  prompt: string;
  /** '' = the default model. */
  model: string;
  onUse: (text: string) => void;
  onClose: () => void;
}

/** Lets a model write the prompt anew, shows it, and takes it only when told to. */
export function OptimizeDialog({ prompt, model, onUse, onClose }: OptimizeProps) {
  const { t } = useTranslation(['apps', 'common']);
  const [wish, setWish] = useState('');
  const { text, write, writing, done, error, stop } = useOptimizedPrompt();
  const { data: models = [] } = useQuery(myModelsQuery('llm'));
  // Where the app's model is not connected, the default one writes, as it would answer.
  const isKnown = models.some((known) => known.model === model);
  const start = () => write({ originalPrompt: prompt, optimizerInput: wish, ...(isKnown && { model }) });
  const use = () => {
    onUse(text.trim());
    onClose();
  };
  return (
    <Modal opened onClose={onClose} title={t('optimize.title')} size="lg">
      <Stack>
        <Textarea
          label={t('optimize.wish')}
          description={t('optimize.wishHint')}
          placeholder={t('optimize.wishPlaceholder')}
          value={wish}
          onChange={(event) => setWish(event.currentTarget.value)}
          autosize
          minRows={2}
          maxRows={6}
          maxLength={20_000}
          data-autofocus
        />
        {error && <ErrorAlert error={error} title={t('optimize.failed')} />}
        {(writing || text !== '') && (
          <Paper withBorder p="sm" aria-live="polite" aria-busy={writing}>
            <ScrollArea.Autosize mah={320} viewportProps={{ tabIndex: 0 }}>
              <Text size="sm" style={{ whiteSpace: 'pre-wrap' }}>
                {text || t('optimize.waiting')}
              </Text>
            </ScrollArea.Autosize>
          </Paper>
        )}
        <Group justify="flex-end">
          {writing ? (
            <Button variant="default" onClick={stop}>
              {t('optimize.stop')}
            </Button>
          ) : (
            <Button
              variant={done ? 'default' : 'filled'}
              leftSection={<IconSparkles size={16} aria-hidden />}
              disabled={prompt.trim() === '' && wish.trim() === ''}
              onClick={start}
            >
              {t(done ? 'optimize.again' : 'optimize.start')}
            </Button>
          )}
          {done && text.trim() !== '' && <Button onClick={use}>{t('optimize.use')}</Button>}
        </Group>
      </Stack>
    </Modal>
  );
}
