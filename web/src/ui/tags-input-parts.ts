// A module of its own, so that it and what places its list load when the first of these fields is opened.
export { TagsInput } from '@mantine/core';
