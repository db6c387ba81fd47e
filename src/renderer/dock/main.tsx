import { createRoot } from 'react-dom/client';
import '../look/fonts.css';
import '../look/tokens.css';
import '../look/base.css';
import { Dock } from './dock.tsx';
import './dock.css';
import { dockServer } from './server.ts';

const root = document.getElementById('root');
if (root === null) throw new Error('impossible: the page has no root');
const alone = new URLSearchParams(window.location.search).has('alone');
createRoot(root).render(<Dock server={dockServer} alone={alone} />);
