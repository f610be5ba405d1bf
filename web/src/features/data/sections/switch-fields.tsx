import { NumberInput, Radio, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';

const ways = ['notWorse', 'asked', 'always'] as const;
/** When searches begin to use the new index. */
export type Way = (typeof ways)[number];

interface SwitchFieldsProps {
  when: Way;
  onWhen: (when: Way) => void;
  /** For how long the old index is kept. */
  days: number;
  onDays: (days: number) => void;
}

/** When to switch to another embedding model, and for how long the way back is kept. */
export function SwitchFields({ when, onWhen, days, onDays }: SwitchFieldsProps) {
  const { t } = useTranslation('data');
  return (
    <>
      <Radio.Group
        label={t('model.when')}
        value={when}
        onChange={(value) => onWhen(ways.find((each) => each === value) ?? 'notWorse')}
      >
        <Stack gap="xs" mt="xs">
          {ways.map((value) => (
            <Radio
              key={value}
              value={value}
              label={t(`when.${value}`)}
              description={t(`when.${value}Text`)}
            />
          ))}
        </Stack>
      </Radio.Group>
      <NumberInput
        label={t('model.keep')}
        description={t('model.keepText')}
        value={days}
        min={0}
        max={365}
        onChange={(value) => onDays(Math.min(365, Math.max(0, Math.round(Number(value)) || 0)))}
        maw={240}
      />
    </>
  );
}
