import { Button, Group } from '@mantine/core';
import { useTranslation } from 'react-i18next';

interface FormButtonsProps {
  submit: string;
  busy: boolean;
  disabled?: boolean;
  onCancel: () => void;
}

/** The two ways out of a form in a dialog. */
export function FormButtons({ submit, busy, disabled = false, onCancel }: FormButtonsProps) {
  const { t } = useTranslation('common');
  return (
    <Group justify="flex-end">
      <Button variant="default" onClick={onCancel}>
        {t('action.cancel')}
      </Button>
      <Button type="submit" loading={busy} disabled={disabled}>
        {submit}
      </Button>
    </Group>
  );
}
