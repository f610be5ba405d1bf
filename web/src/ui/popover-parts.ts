// A module of its own, so that it and what places it load when the first popover is opened.
export { Popover } from '@mantine/core';
