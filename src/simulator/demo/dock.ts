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
  /** The card reader's plug. */
  'cardReader',
  'acsSlow',
  'acsSilent',
  'acsClosed',
  'acsRefusesLogin',
  /** The printer's plug, its paper and its cover. */
  'printer',
  'paper',
  'paperLow',
  'cover',
  /** The RFID plate's plug, and tags that behave badly on it. */
  'plate',
  'tagsRefuse',
  'tagsFlicker',
] as const;
export type SwitchName = (typeof switchNames)[number];

// The longest label that a scanner is known to send, and some to try more than that.
const scanSchema = z.strictObject({ text: z.string().min(1).max(4_000) });
const switchSchema = z.strictObject({ name: z.enum(switchNames), on: z.boolean() });
const mannerSchema = z.strictObject({ manner: z.enum(scanManners) });
const faultSchema = z.strictObject({ kind: z.enum([...faultKinds, 'none']) });
const personalitySchema = z.strictObject({ name: z.string().min(1).max(40) });
const plateSchema = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('put'), item: z.string().min(1).max(64), whole: z.boolean() }),
  z.strictObject({ do: z.literal('take'), item: z.string().min(1).max(64) }),
  z.strictObject({ do: z.literal('walkOut') }),
]);
export type PlateAct = z.infer<typeof plateSchema>;
const cardSchema = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('lay'), card: z.string().min(1).max(64) }),
  z.strictObject({ do: z.literal('take') }),
]);
export type CardAct = z.infer<typeof cardSchema>;
const printerSchema = z.strictObject({ do: z.literal('tearOff') });
/** As far as the wall clock can be turned: some years on or back. */
const clockShiftMsMax = 5 * 366 * 24 * 3_600_000;
const clockSchema = z.strictObject({ byMs: z.int().min(-clockShiftMsMax).max(clockShiftMsMax) });
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
  /** Makes the library system another one. */
  personality(name: string): Promise<void>;
  /** Puts an item on the RFID plate, takes it into the bag, or walks out through the gate with the bag. */
  plate(act: PlateAct): Promise<void>;
  /** Lays a card on the card reader, or takes it away. */
  card(act: CardAct): Promise<void>;
  /** Tears off the paper that came out of the printer. */
  tearOff(): Promise<void>;
  /** Sets the station's wall clock so much before or behind the machine's. */
  clock(byMs: number): Promise<void>;
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
    acting('/dock/personality', personalitySchema, ({ name }) => devices.personality(name)),
    acting('/dock/plate', plateSchema, (act) => devices.plate(act)),
    acting('/dock/card', cardSchema, (act) => devices.card(act)),
    acting('/dock/printer', printerSchema, () => devices.tearOff()),
    acting('/dock/clock', clockSchema, ({ byMs }) => devices.clock(byMs)),
    acting('/dock/station', killSchema, () => devices.killStation()),
    acting('/dock/reset', resetSchema, () => devices.reset()),
  ];
}

function acting<T>(path: string, schema: z.ZodType<T>, perform: (body: T) => Promise<void>): WebRoute {
  return { path, handle: (request, response) => act(request, response, schema, perform) };
}
