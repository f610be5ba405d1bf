import { useSuspenseQuery } from '@tanstack/react-query';
import { initQuery } from '../../../api/init.ts';
import { formatBytes } from '../../../ui/format.ts';

/** The largest file that the server takes, in words. */
export function useFileLimit(): string {
  const { feConfigs } = useSuspenseQuery(initQuery).data;
  return formatBytes(feConfigs.uploadFileMaxSize * 1024 * 1024);
}
