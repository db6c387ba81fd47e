/** The dock's side of the demo starter: the example library, and the virtual devices that stand beside the station. */

export interface ExamplePatron {
  readonly card: string;
  readonly pin: string;
  readonly label: string;
}

export interface ExampleItem {
  readonly item: string;
  readonly title: string;
  readonly label?: string;
}

export interface ExampleLibrary {
  readonly patrons: readonly ExamplePatron[];
  readonly items: readonly ExampleItem[];
}

export type Device = 'acs' | 'scanner';

export interface DockServer {
  library(): Promise<ExampleLibrary>;
  /** Holds a barcode under the virtual scanner. */
  scan(text: string): Promise<void>;
  /** Takes a part of the world away, or brings it back. */
  turn(device: Device, on: boolean): Promise<void>;
}

export const dockServer: DockServer = {
  library: async () => {
    const answer = await fetch('/dock/library');
    if (!answer.ok) throw new Error(`the demo answered ${answer.status}`);
    return (await answer.json()) as ExampleLibrary;
  },
  scan: (text) => post('/dock/scan', { text }),
  turn: (device, on) => post('/dock/switch', { name: device, on }),
};

async function post(path: string, body: unknown): Promise<void> {
  const answer = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`the demo answered ${answer.status}`);
}
