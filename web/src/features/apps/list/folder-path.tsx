import { Anchor, Breadcrumbs, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

/** The way from the list of all apps to the open folder. */
export function FolderPath({ path }: { path: { parentId: string; parentName: string }[] }) {
  const { t } = useTranslation('apps');
  return (
    <Breadcrumbs component="nav" aria-label={t('list.path')} separatorMargin={6} fz="sm">
      <Anchor inherit renderRoot={(props) => <Link to="/apps" search={{}} {...props} />}>
        {t('list.title')}
      </Anchor>
      {path.map(({ parentId, parentName }, index) =>
        index === path.length - 1 ? (
          <Text key={parentId} inherit c="dimmed" aria-current="page" maw={200} truncate>
            {parentName}
          </Text>
        ) : (
          <Anchor
            key={parentId}
            inherit
            maw={200}
            truncate
            renderRoot={(props) => <Link to="/apps" search={{ folder: parentId }} {...props} />}
          >
            {parentName}
          </Anchor>
        ),
      )}
    </Breadcrumbs>
  );
}
