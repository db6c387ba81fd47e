import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { WebRoute } from '../../web/shell.ts';
import { faultKinds, type FaultKind } from '../acs/faults.ts';
import type { Catalogue } from './catalogue.ts';
import { act, serve } from './http.ts';
import type { Live } from './live.ts';
import { scanManners, type ScanManner } from './scan-manners.ts';

/** What can be switched; `on` is as the name says. */
export const switchNames = [
  /** The cable between station and library system. */
  'acs',
  /** The scanner's plug. */
  'scanner',
  'acsSlow',
  'acsSilent',
  'acsClosed',
  'acsRefusesLogin',
] as const;
export type SwitchName = (typeof switchNames)[number];

// The longest label that a scanner is known to send, and some to try more than that.
const scanSchema = z.strictObject({ text: z.string().min(1).max(4_000) });
const switchSchema = z.strictObject({ name: z.enum(switchNames), on: z.boolean() });
const mannerSchema = z.strictObject({ manner: z.enum(scanManners) });
const faultSchema = z.strictObject({ kind: z.enum([...faultKinds, 'none']) });
const killSchema = z.strictObject({ do: z.literal('kill') });
const resetSchema = z.strictObject({});

/** What the dock can move. Each fails with a sentence. */
export interface DockDevices {
  /** Holds a label under the virtual scanner. */
  scan(text: string): Promise<void>;
  /** How the scanner sends from now on. */
  manner(manner: ScanManner): Promise<void>;
  /** Connects a part of the world, or pulls its plug. */
  turn(name: SwitchName, on: boolean): Promise<void>;
  /** Something goes wrong with the next loan, return or renewal; `none` takes all that waits back. */
  fault(kind: FaultKind | 'none'): Promise<void>;
  /** Kills the station as a power cut would; it is started again. */
  killStation(): Promise<void>;
  /** Everything begins anew. */
  reset(): Promise<void>;
}

export interface DockOptions {
  /** The built page. */
  readonly page: string;
  readonly catalogue: Catalogue;
  readonly devices: DockDevices;
  readonly live: Live;
}

/** The dock of the demo: a page with cards and books to scan and plugs to pull. No station has these routes. */
export function dockRoutes({ page, catalogue, devices, live }: DockOptions): WebRoute[] {
  const html = readFileSync(page);
  const json = Buffer.from(JSON.stringify(catalogue), 'utf8');
  return [
    {
      path: '/dock',
      handle: (request, response) => serve(request, response, 'text/html; charset=utf-8', html),
    },
    {
      path: '/dock/library',
      handle: (request, response) => serve(request, response, 'application/json', json),
    },
    { path: '/dock/live', handle: (request, response) => live.watch(request, response) },
    acting('/dock/scan', scanSchema, ({ text }) => devices.scan(text)),
    acting('/dock/scanner', mannerSchema, ({ manner }) => devices.manner(manner)),
    acting('/dock/switch', switchSchema, ({ name, on }) => devices.turn(name, on)),
    acting('/dock/fault', faultSchema, ({ kind }) => devices.fault(kind)),
    acting('/dock/station', killSchema, () => devices.killStation()),
    acting('/dock/reset', resetSchema, () => devices.reset()),
  ];
}

function acting<T>(path: string, schema: z.ZodType<T>, perform: (body: T) => Promise<void>): WebRoute {
  return { path, handle: (request, response) => act(request, response, schema, perform) };
}
