import { useMediaQuery } from '@mantine/hooks';

/** Whether the window is as narrow as a phone: below Mantine's `sm`. */
export const usePhone = (): boolean =>
  useMediaQuery('(max-width: 47.99em)', false, { getInitialValueInEffect: false });
