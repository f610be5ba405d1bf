import '@mantine/core/styles.css';
import './app/global.css';
import { createRoot } from 'react-dom/client';
import { App } from './app/app.tsx';
import { startI18n } from './i18n/index.ts';

await startI18n();
const element = document.getElementById('root');
if (element) createRoot(element).render(<App />);
