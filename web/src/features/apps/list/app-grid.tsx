import { SimpleGrid, Stack } from '@mantine/core';
import { ShowMore } from '../../../ui/show-more.tsx';
import { useDrawnPart } from '../../../ui/use-drawn-part.ts';
import type { AppItem } from '../queries.ts';
import { AppCard } from './app-card.tsx';
import type { AppDialog } from './app-dialogs.tsx';
import { FolderCard } from './folder-card.tsx';

interface AppGridProps {
  apps: AppItem[];
  /** Which list it is: of another one the beginning is shown. */
  list: string;
  editor: boolean;
  onDialog: (dialog: AppDialog) => void;
}

const isFolder = ({ type }: AppItem) => type === 'folder';

/** Folders, and below them apps, as cards. */
export function AppGrid({ apps, list, ...more }: AppGridProps) {
  const inOrder = [...apps.filter(isFolder), ...apps.filter((app) => !isFolder(app))];
  const drawn = useDrawnPart(inOrder, `apps ${list}`);
  const folders = drawn.part.filter(isFolder);
  return (
    <Stack gap="lg">
      {folders.length > 0 && (
        <SimpleGrid cols={{ base: 1, xs: 2, md: 3, lg: 4 }} spacing="sm">
          {folders.map((app) => (
            <FolderCard key={app._id} app={app} {...more} />
          ))}
        </SimpleGrid>
      )}
      <SimpleGrid cols={{ base: 1, xs: 2, lg: 3 }} spacing="md">
        {drawn.part.slice(folders.length).map((app) => (
          <AppCard key={app._id} app={app} {...more} />
        ))}
      </SimpleGrid>
      <ShowMore {...drawn.more} />
    </Stack>
  );
}
