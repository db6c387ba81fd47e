import type { Session, WebContents } from 'electron';
import type { Log } from '../kernel/log.ts';
import { isAllowedKey } from './keys.ts';
import { whereTo } from './origin.ts';

// Every way out of the page is shut, and a knock on it is logged (Electron’s security tutorial, items 5 and 11 to 15).

/** Whether an address belongs to the window. */
export type IsOwn = (url: string) => boolean;

/** The page stays where it is: no other address, no other window, no dialog, no chord. */
export function lockContents(contents: WebContents, isOwn: IsOwn, log: Log): void {
  const refused = (rule: string, url = ''): void =>
    log.write('warning', 'shell.refused', { rule, host: url === '' ? undefined : whereTo(url) });

  contents.setWindowOpenHandler(({ url }) => {
    refused('window', url);
    return { action: 'deny' };
  });
  contents.on('will-navigate', (event) => stay(event));
  contents.on('will-frame-navigate', (event) => stay(event));
  contents.on('will-redirect', (event) => stay(event));
  const stay = (event: { readonly url: string; preventDefault(): void }): void => {
    if (isOwn(event.url)) return;
    event.preventDefault();
    refused('navigation', event.url);
  };
  contents.on('will-attach-webview', (event) => {
    event.preventDefault();
    refused('webview');
  });
  contents.on('before-input-event', (event, input) => {
    if (!isAllowedKey(input)) event.preventDefault();
  });
  // "Do you want to leave this page?" is a dialog; here it means to leave without asking.
  contents.on('will-prevent-unload', (event) => event.preventDefault());
  contents.on('select-bluetooth-device', (event, _devices, choose) => {
    event.preventDefault();
    refused('bluetooth');
    choose('');
  });
  contents.on('dom-ready', () => void contents.setVisualZoomLevelLimits(1, 1));
}

/** The page gets nothing of the machine or the network: no permission, no device, no download, no other server. */
export function lockSession(session: Session, isOwn: IsOwn, log: Log): void {
  const refused = (rule: string, reason?: string): void =>
    log.write('warning', 'shell.refused', { rule, reason });

  session.setPermissionRequestHandler((_contents, permission, answer) => {
    refused('permission', permission);
    answer(false);
  });
  // Not logged: pages check without being asked, and often.
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.setBluetoothPairingHandler((_details, answer) => answer({ confirmed: false }));
  session.setDisplayMediaRequestHandler((_request, answer) => {
    refused('screen capture');
    answer({});
  });
  session.on('select-hid-device', (event, _details, choose) => {
    event.preventDefault();
    refused('hid');
    choose('');
  });
  session.on('select-usb-device', (event, _details, choose) => {
    event.preventDefault();
    refused('usb');
    choose('');
  });
  session.on('select-serial-port', (event, _ports, _contents, choose) => {
    event.preventDefault();
    refused('serial');
    choose('');
  });
  session.on('will-download', (event, item) => {
    event.preventDefault();
    refused('download', whereTo(item.getURL()));
  });
  session.webRequest.onBeforeRequest(({ url }, answer) => {
    const cancel = !isOwn(url);
    if (cancel) refused('request', whereTo(url));
    answer({ cancel });
  });
  session.setSpellCheckerEnabled(false);
}
