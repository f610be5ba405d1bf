// A module of its own, so that it and what places its list load when the first list of choices is opened.
export { Select } from '@mantine/core';
