import { z } from 'zod';
import { unreachable } from '../../kernel/assert.ts';
import type { Clock } from '../../kernel/clock.ts';
import { messages } from '../../sip2/messages.ts';
import type { AcsBehaviour } from './behaviour.ts';
import { faultKinds, type FaultKind } from './faults.ts';
import type { LedgerEntry } from './ledger.ts';
import type { Library } from './library.ts';
import { dueFormNames } from './manners.ts';
import { becomes, personalityNamed } from './personality.ts';
import { deathPlaces, delayMsMax, type AcsServer } from './server.ts';
import type { WireLine } from './wire-log.ts';

const code = z.enum(Object.keys(messages) as (keyof typeof messages)[]);

/** What the simulated ACS can be told while it runs: one JSON object a line, on its standard input. */
export const acsCommandSchema = z.discriminatedUnion('command', [
  /** Hangs: nothing is done or answered until it goes on. */
  z.strictObject({ command: z.literal('pause'), on: z.boolean() }),
  /** Refuses connections and ends those that are there. */
  z.strictObject({ command: z.literal('refuseConnections'), on: z.boolean() }),
  /** Ends the connections that are there; new ones are welcome. */
  z.strictObject({ command: z.literal('hangUp') }),
  /** Something goes wrong with the next exchange (of this code, this often). */
  z.strictObject({
    command: z.literal('fault'),
    kind: z.enum(faultKinds),
    code: code.optional(),
    codes: z.array(code).min(1).optional(),
    count: z.int().min(1).max(1000).optional(),
  }),
  z.strictObject({ command: z.literal('clearFaults') }),
  /** Its process dies, as in a power cut, at this place of the next exchange that begins with this code. */
  z.strictObject({ command: z.literal('die'), at: z.enum(deathPlaces), code }),
  z.strictObject({ command: z.literal('delay'), ms: z.int().min(0).max(delayMsMax) }),
  z.strictObject({ command: z.literal('onLine'), on: z.boolean() }),
  z.strictObject({ command: z.literal('refuseLogin'), on: z.boolean() }),
  /** Dialects of real library systems. */
  z.strictObject({
    command: z.literal('behave'),
    deduplicates: z.boolean().optional(),
    dueForm: z.enum(dueFormNames).optional(),
    texts: z.enum(['english', 'ofRequest']).optional(),
    timeoutTenths: z.int().min(0).max(999).optional(),
  }),
  /** Plays another library system, or one thing that goes wrong, by its name. */
  z.strictObject({ command: z.literal('personality'), name: z.string() }),
  z.strictObject({ command: z.literal('placeHold'), card: z.string(), item: z.string() }),
  /** Effects from this number on, at most `ledgerPageEntries` of them. */
  z.strictObject({ command: z.literal('ledger'), since: z.int().min(0).optional() }),
  z.strictObject({ command: z.literal('loans') }),
  z.strictObject({ command: z.literal('status') }),
  /** What passed over the wire and what it did, each from this number on. */
  z.strictObject({ command: z.literal('news'), wireSince: z.int().min(0), ledgerSince: z.int().min(0) }),
]);
export type AcsCommand = z.infer<typeof acsCommandSchema>;

/** Entries in one reply. */
export const ledgerPageEntries = 10_000;

export interface LoanView {
  readonly item: string;
  readonly card: string;
  readonly dueAt: number;
  readonly renewals: number;
}

export interface AcsStatusView {
  readonly listening: boolean;
  readonly personality: string;
  readonly paused: boolean;
  readonly onLine: boolean;
  readonly connections: number;
  readonly faultsWaiting: number;
  /** What they are, in order. */
  readonly faults: readonly FaultKind[];
  /** How long each answer is held back. */
  readonly delayMs: number;
  readonly loginRefused: boolean;
  /** How many requests arrived since the start, by code. */
  readonly requests: Readonly<Record<string, number>>;
}

export interface AcsNews {
  readonly status: AcsStatusView;
  readonly wire: readonly WireLine[];
  readonly ledger: readonly LedgerEntry[];
  /** When the ledger has something new, all loans as they are now. */
  readonly loans: readonly LoanView[] | undefined;
}

/** What each command gives back. */
export interface AcsValues {
  readonly pause: true;
  readonly refuseConnections: true;
  readonly hangUp: true;
  readonly fault: boolean;
  readonly clearFaults: true;
  readonly die: true;
  readonly delay: true;
  readonly onLine: true;
  readonly refuseLogin: true;
  readonly behave: true;
  /** False: there is no such personality. */
  readonly personality: boolean;
  readonly placeHold: boolean;
  readonly ledger: readonly LedgerEntry[];
  readonly loans: readonly LoanView[];
  readonly status: AcsStatusView;
  readonly news: AcsNews;
}

export interface AcsParts {
  readonly library: Library;
  readonly behaviour: AcsBehaviour;
  readonly server: AcsServer;
  readonly clock: Clock;
}

/** Carries out commands. */
export class AcsControl {
  readonly #parts: AcsParts;

  constructor(parts: AcsParts) {
    this.#parts = parts;
  }

  async handle(command: AcsCommand): Promise<AcsValues[AcsCommand['command']]> {
    const { library, behaviour, server, clock } = this.#parts;
    switch (command.command) {
      case 'pause':
        server.pause(command.on);
        return true;
      case 'refuseConnections':
        await (command.on ? server.refuse() : server.accept());
        return true;
      case 'hangUp':
        server.hangUp();
        return true;
      case 'fault':
        return behaviour.faults.add(command);
      case 'clearFaults':
        behaviour.faults.clear();
        return true;
      case 'die':
        server.death = command;
        return true;
      case 'delay':
        server.delayMs = command.ms;
        return true;
      case 'onLine':
        behaviour.onLine = command.on;
        return true;
      case 'refuseLogin':
        behaviour.loginRefused = command.on;
        return true;
      case 'behave':
        behaves(behaviour, command);
        return true;
      case 'personality': {
        const personality = personalityNamed(command.name);
        return personality !== undefined && becomes(behaviour, personality).ok;
      }
      case 'placeHold':
        return library.placeHold(command.card, command.item, clock.now());
      case 'ledger':
        return pageOf(library, command.since ?? 0);
      case 'loans':
        return loansOf(library);
      case 'status':
        return this.#status();
      case 'news':
        return this.#news(command.wireSince, command.ledgerSince);
      default:
        return unreachable(command);
    }
  }

  #news(wireSince: number, ledgerSince: number): AcsNews {
    const { library, server } = this.#parts;
    const ledger = pageOf(library, ledgerSince);
    return {
      status: this.#status(),
      wire: server.wire.since(wireSince),
      ledger,
      loans: ledger.length > 0 || ledgerSince === 0 ? loansOf(library) : undefined,
    };
  }

  #status(): AcsStatusView {
    const { behaviour, server } = this.#parts;
    return {
      listening: server.listening,
      personality: behaviour.personality,
      paused: server.paused,
      onLine: behaviour.onLine,
      connections: server.connections,
      faultsWaiting: behaviour.faults.size,
      faults: behaviour.faults.kinds,
      delayMs: server.delayMs,
      loginRefused: behaviour.loginRefused,
      requests: server.requests,
    };
  }
}

function behaves(behaviour: AcsBehaviour, change: Extract<AcsCommand, { command: 'behave' }>): void {
  behaviour.deduplicates = change.deduplicates ?? behaviour.deduplicates;
  behaviour.dueForm = change.dueForm ?? behaviour.dueForm;
  behaviour.texts = change.texts ?? behaviour.texts;
  behaviour.timeoutTenths = change.timeoutTenths ?? behaviour.timeoutTenths;
}

function pageOf({ ledger }: Library, since: number): readonly LedgerEntry[] {
  const from = Math.max(since - ledger.dropped, 0);
  return ledger.entries.slice(from, from + ledgerPageEntries);
}

function loansOf(library: Library): LoanView[] {
  const loans: LoanView[] = [];
  for (const { data, loan } of library.state.items.values()) {
    if (loan !== undefined) {
      loans.push({
        item: data.item,
        card: loan.patron.data.card,
        dueAt: loan.dueAt,
        renewals: loan.renewals,
      });
    }
  }
  return loans;
}
