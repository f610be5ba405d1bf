import { Box, Code } from '@mantine/core';
import { CopyButton } from '../../ui/copy-button.tsx';
import classes from './code-block.module.css';

/** A piece of code that can be copied. */
export function CodeBlock({ code, label }: { code: string; label: string }) {
  return (
    <Box className={classes.frame}>
      {/* Long lines scroll; the keyboard reaches what it can scroll. */}
      <Code block className={classes.code ?? ''} tabIndex={0} role="region" aria-label={label}>
        {code}
      </Code>
      <Box className={classes.copy}>
        <CopyButton value={code} />
      </Box>
    </Box>
  );
}
