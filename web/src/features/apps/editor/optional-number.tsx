import { NumberInput } from '@mantine/core';

interface OptionalNumberProps {
  label: string;
  description: string;
  /** What an empty field means. */
  placeholder: string;
  value: number | null;
  onChange: (value: number | null) => void;
  min: number;
  max: number;
  step?: number;
  whole?: boolean;
}

/** A number that may be left to the server: empty means so. */
export function OptionalNumber({ value, onChange, whole = false, step = 1, ...field }: OptionalNumberProps) {
  return (
    <NumberInput
      {...field}
      step={step}
      allowDecimal={!whole}
      clampBehavior="blur"
      value={value ?? ''}
      onChange={(changed) => onChange(typeof changed === 'number' ? changed : null)}
    />
  );
}
