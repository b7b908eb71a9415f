import { createRoot } from '@wordpress/element';
import { App } from './app';
import './screen.scss';

const root = document.getElementById('tallyman-root');
const settings = window.tallymanSettings;

if (root && settings) createRoot(root).render(<App settings={settings} clock={Date.now} />);
