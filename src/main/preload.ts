import { contextBridge, ipcRenderer } from 'electron';
import { channels } from './channels.ts';

// All that the page can reach of the shell: three functions and no event of Electron’s (src/renderer/port.ts).

let frameListener = (_frame: unknown): void => undefined;
let linkListener = (_up: boolean): void => undefined;

ipcRenderer.on(channels.fromStation, (_event, frame: unknown) => frameListener(frame));
ipcRenderer.on(channels.link, (_event, up: boolean) => linkListener(up));
ipcRenderer.on(channels.ping, () => ipcRenderer.send(channels.pong));

contextBridge.exposeInMainWorld('omatoimi', {
  send: (frame: unknown) => ipcRenderer.send(channels.toStation, frame),
  onFrame: (listener: (frame: unknown) => void) => {
    frameListener = listener;
  },
  onLink: (listener: (up: boolean) => void) => {
    linkListener = listener;
    listener(false);
    ipcRenderer.send(channels.connect);
  },
});

// What is dragged onto the window is not for it.
for (const event of ['dragover', 'drop']) window.addEventListener(event, (drag) => drag.preventDefault());
window.addEventListener('drop', () => ipcRenderer.send(channels.refused, 'drop'));
window.addEventListener('securitypolicyviolation', ({ effectiveDirective }) =>
  ipcRenderer.send(channels.refused, effectiveDirective),
);
