import '@mantine/core/styles/baseline.css';
import '@mantine/core/styles/default-css-variables.css';
import '@mantine/core/styles/global.css';
import './app/global.css';
import { createRoot } from 'react-dom/client';
import { App } from './app/app.tsx';
import { startI18n } from './i18n/index.ts';

// The development server bundles packages before a plugin sees them: there all styles come at once.
if (import.meta.env.DEV) await import('@mantine/core/styles.css');
await startI18n();
const element = document.getElementById('root');
if (element) createRoot(element).render(<App />);
