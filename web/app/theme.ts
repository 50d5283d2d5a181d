import { type CSSVariablesResolver, createTheme } from '@mantine/core';

/** Calm and dense: one accent, small controls, no shadows where a line will do. */
export const theme = createTheme({
  primaryColor: 'atlas',
  primaryShade: { light: 7, dark: 7 },
  colors: {
    atlas: [
      '#eef5fc',
      '#dbe8f6',
      '#b3cfee',
      '#88b4e6',
      '#659ddf',
      '#4f8fdb',
      '#3b7fd0',
      '#1f5fa8',
      '#1a528f',
      '#12427a',
    ],
  },
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.125rem' },
  headings: {
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '1.375rem', lineHeight: '1.3' },
      h2: { fontSize: '1.0625rem', lineHeight: '1.35' },
      h3: { fontSize: '0.9375rem', lineHeight: '1.4' },
    },
  },
  defaultRadius: 'sm',
  respectReducedMotion: true,
  focusRing: 'auto',
  components: {
    Button: { defaultProps: { size: 'xs' } },
    TextInput: { defaultProps: { size: 'xs' } },
    PasswordInput: { defaultProps: { size: 'sm' } },
    Select: { defaultProps: { size: 'xs' } },
    MultiSelect: { defaultProps: { size: 'xs' } },
    Textarea: { defaultProps: { size: 'xs' } },
    NumberInput: { defaultProps: { size: 'xs' } },
    SegmentedControl: { defaultProps: { size: 'xs' } },
    Modal: { defaultProps: { centered: true, closeButtonProps: { 'aria-label': 'Close' } } },
    Tooltip: { defaultProps: { withArrow: true, multiline: true, maw: 320, openDelay: 200 } },
  },
});

/** Mantine's quiet greys are too quiet for WCAG AA (3.3:1); these are above 5:1 in both schemes. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#545b62',
    '--mantine-color-placeholder': '#6a7178',
    '--mantine-color-anchor': '#1a528f',
    '--mantine-color-error': '#b42318',
    '--atlas-good': '#1b7a3d',
    '--atlas-bad': '#b42318',
    '--atlas-warn': '#8a5300',
    '--atlas-live': '#1f5fa8',
    '--atlas-quiet': '#545b62',
    '--atlas-line': '#dfe3e8',
    '--atlas-raised': '#f6f8fa',
  },
  dark: {
    '--mantine-color-dimmed': '#a6adb5',
    '--mantine-color-placeholder': '#979ea6',
    '--mantine-color-anchor': '#88b4e6',
    '--mantine-color-error': '#ff8a80',
    '--atlas-good': '#6fd08c',
    '--atlas-bad': '#ff8a80',
    '--atlas-warn': '#f3b866',
    '--atlas-live': '#88b4e6',
    '--atlas-quiet': '#a6adb5',
    '--atlas-line': '#3a3f45',
    '--atlas-raised': '#2a2e33',
  },
});
