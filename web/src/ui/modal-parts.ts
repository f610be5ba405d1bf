// A module of its own, so that dialogs and what they need load when the first one is opened.
export { Drawer, Modal } from '@mantine/core';
