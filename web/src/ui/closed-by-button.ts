/** For a dialog with what is seen only once: neither a slip of the mouse nor a key closes it, only the button in it. */
export const closedByButton = {
  closeOnClickOutside: false,
  closeOnEscape: false,
  withCloseButton: false,
} as const;
