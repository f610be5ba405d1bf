import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

/** Lectern's blue, from a tint to nearly black; 7 is the colour of the mark. */
const lectern: MantineColorsTuple = [
  '#edf3fd',
  '#d8e4fa',
  '#aec6f3',
  '#81a6ed',
  '#5b8be7',
  '#3f74df',
  '#2a61ca',
  '#174ea6',
  '#133f86',
  '#0c2b5e',
];

/** One look for the whole console. Light and dark texts keep a contrast of 4.5 : 1. */
export const theme = createTheme({
  primaryColor: 'lectern',
  primaryShade: { light: 7, dark: 6 },
  colors: { lectern },
  autoContrast: true,
  respectReducedMotion: true,
  defaultRadius: 'md',
  cursorType: 'pointer',
  fontFamily:
    'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Noto Sans Mono CJK SC", monospace',
  headings: { fontWeight: '650' },
  components: {
    Badge: { defaultProps: { tt: 'none', fw: 600 } },
    // Room for a scroll bar only where there is one.
    TableScrollContainer: { defaultProps: { scrollAreaProps: { offsetScrollbars: 'present' } } },
  },
});

/** White stands on it: Mantine's own red is too light for that. */
const redFilled = {
  '--mantine-color-red-filled': 'var(--mantine-color-red-9)',
  '--mantine-color-red-filled-hover': '#b02323',
};

/** Mantine's grey for secondary text and its warm colours, green and red are too light to read on tinted backgrounds. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    ...redFilled,
    '--mantine-color-dimmed': '#566072',
    '--mantine-color-placeholder': '#737c8c',
    '--mantine-color-yellow-light-color': '#7a4a00',
    '--mantine-color-orange-light-color': '#8f3d0a',
    '--mantine-color-green-light-color': '#1f6b2c',
    '--mantine-color-teal-light-color': '#066649',
    '--mantine-color-red-text': '#b42318',
    '--mantine-color-error': '#b42318',
  },
  dark: {
    ...redFilled,
    '--mantine-color-anchor': 'var(--mantine-color-lectern-3)',
    '--mantine-color-dimmed': '#a5aebd',
    '--mantine-color-placeholder': '#8b94a3',
    '--mantine-color-error': '#ff8787',
  },
});
