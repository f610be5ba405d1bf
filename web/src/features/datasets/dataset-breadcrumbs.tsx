import { Anchor, Breadcrumbs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { datasetPathQuery } from './queries.ts';

/** The way from all datasets down to the folder that holds this dataset or folder. */
export function DatasetBreadcrumbs({ id }: { id: string }) {
  const { t } = useTranslation('datasets');
  const path = useQuery(datasetPathQuery(id, 'parent'));
  return (
    <Breadcrumbs separatorMargin={6} aria-label={t('path')} component="nav">
      <Anchor size="sm" renderRoot={(props) => <Link to="/datasets" {...props} />}>
        {t('title')}
      </Anchor>
      {path.data?.map((folder) => (
        <Anchor
          key={folder.parentId}
          size="sm"
          maw={220}
          truncate
          renderRoot={(props) => <Link to="/datasets" search={{ folder: folder.parentId }} {...props} />}
        >
          {folder.parentName}
        </Anchor>
      ))}
    </Breadcrumbs>
  );
}
