import { useTranslation } from 'react-i18next';
import { MultiSelect } from '../../../ui/multi-select.tsx';

interface TagFilterProps {
  tags: readonly { _id: string; tag: string }[];
  /** Ids of those that what is shown must have one of. */
  chosen: string[];
  onChange: (chosen: string[]) => void;
}

/** Chooses tags by which collections are shown. */
export function TagFilter({ tags, chosen, onChange }: TagFilterProps) {
  const { t } = useTranslation('datasets');
  return (
    <MultiSelect
      aria-label={t('tags.filter')}
      placeholder={chosen.length === 0 ? t('tags.filter') : ''}
      w={{ base: '100%', sm: 240 }}
      clearable
      searchable
      value={chosen}
      data={tags.map(({ _id, tag }) => ({ value: _id, label: tag }))}
      onChange={onChange}
    />
  );
}
