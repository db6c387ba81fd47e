import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { realBrowser } from './browser.ts';
import { connectBySocket } from './connection.ts';
import './look/index.css';
import { playTone } from './sounds.ts';
import { createPage } from './store.ts';
import { listenForWedge } from './wedge.ts';

const root = document.getElementById('root');
if (root === null) throw new Error('impossible: the page has no root');
const port = window.omatoimi ?? connectBySocket(realBrowser);
const page = createPage(port, realBrowser);
listenForWedge(page, realBrowser, window);
createRoot(root).render(<App page={page} playTone={playTone} />);
