import { Anchor, Breadcrumbs, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

interface FolderPathProps {
  path: { parentId: string; parentName: string }[];
  /** The last folder leads to its list too, for screens below it. */
  linked?: boolean;
}

/** The way from the list of all apps to the open folder. */
export function FolderPath({ path, linked = false }: FolderPathProps) {
  const { t } = useTranslation('apps');
  return (
    <Breadcrumbs component="nav" aria-label={t('list.path')} separatorMargin={6} fz="sm">
      <Anchor inherit renderRoot={(props) => <Link to="/apps" search={{}} {...props} />}>
        {t('list.title')}
      </Anchor>
      {path.map(({ parentId, parentName }, index) =>
        index === path.length - 1 && !linked ? (
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
