/** Why a scan told nothing. The bytes themselves are gone. */
export type UnreadableWhy =
  /** More than `scanCharsMax` characters. */
  | 'tooLong'
  /** Characters that no label has on purpose: control, formatting and private ones. */
  | 'controlCharacters'
  /** An end of scan with nothing before it. */
  | 'empty'
  /** A part is missing: no end came in time, or the configured prefix was not there. */
  | 'incomplete'
  /** A report that the format of the device does not allow. */
  | 'badReport';

export type Scan =
  | {
      readonly kind: 'text';
      readonly text: string;
      /** Letter and modifier of the AIM identifier (ISO/IEC 15424), such as `C0`, where the scanner sends one. */
      readonly symbology?: string;
    }
  | { readonly kind: 'unreadable'; readonly why: UnreadableWhy };

export type ScannerStatus =
  { readonly state: 'ready' } | { readonly state: 'offline'; readonly reason: string };

export interface BarcodeScannerEvents {
  onScan(scan: Scan): void;
  /** Each change of state; the first one comes when the port opened or refused for the first time. */
  onStatus(status: ScannerStatus): void;
}

/** A barcode scanner as the station sees it. The events come later, never from within a call. */
export interface BarcodeScanner {
  /** What a technician knows it by: its port or device. */
  readonly name: string;
  start(events: BarcodeScannerEvents): void;
  /** Closes the port; no event comes after it. */
  stop(): void;
}
