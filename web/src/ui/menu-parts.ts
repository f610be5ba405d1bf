// A module of its own, so that it and what places it load when the first menu is opened.
export { Menu } from '@mantine/core';
