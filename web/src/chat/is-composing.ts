import type { KeyboardEvent } from 'react';

/**
 * Whether the key belongs to an input method, as for Chinese: its Enter takes the word and sends nothing. Safari tells
 * of the end of the composition before the key; there the key's number says it.
 */
export const isComposing = ({ nativeEvent }: KeyboardEvent): boolean =>
  nativeEvent.isComposing || nativeEvent.keyCode === 229;
