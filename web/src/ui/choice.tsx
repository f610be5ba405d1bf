import { SegmentedControl } from '@mantine/core';
import { Select } from './select.tsx';
import { usePhone } from './use-phone.ts';

interface ChoiceProps<Value extends string> {
  label: string;
  data: readonly { value: Value; label: string }[];
  value: Value;
  onChange: (value: Value) => void;
}

/** One of several that do not fit beside each other on a phone: there they are a list to choose from. */
export function Choice<Value extends string>({ label, data, value, onChange }: ChoiceProps<Value>) {
  const phone = usePhone();
  const props = { 'aria-label': label, data: [...data], value };
  if (phone)
    return (
      <Select
        {...props}
        allowDeselect={false}
        onChange={(next) => next !== null && onChange(next as Value)}
      />
    );
  return (
    <SegmentedControl
      {...props}
      onChange={(next) => onChange(next as Value)}
      style={{ alignSelf: 'flex-start', maxWidth: '100%' }}
    />
  );
}
