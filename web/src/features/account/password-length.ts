/** Characters that a new password has at least; the server refuses those that everybody tries first. */
export const leastLength = 8;
