import type {
  Field,
  RfidReader,
  RfidReaderEvents,
  RfidReaderStatus,
} from '../devices/rfid-reader/rfid-reader.ts';

const emptyField: Field = { tags: [], tooMany: false };

/**
 * The station’s RFID reader, which is its patrons’ and for moments a technician’s. While it is lent the station hears that it has none,
 * and what lies there is no patron’s.
 */
export class LentReader {
  readonly #reader: RfidReader;
  #station: RfidReaderEvents | undefined;
  #borrower: ((field: Field) => void) | undefined;
  #status: RfidReaderStatus = { state: 'starting' };
  #field = emptyField;

  constructor(reader: RfidReader) {
    this.#reader = reader;
  }

  start(station: RfidReaderEvents): void {
    this.#station = station;
    this.#reader.start({
      onStatus: (status) => {
        this.#status = status;
        if (this.#borrower === undefined) station.onStatus(status);
      },
      onField: (field) => {
        this.#field = field;
        if (this.#borrower === undefined) station.onField(field);
        else this.#borrower(field);
      },
    });
  }

  stop(): void {
    this.#borrower = undefined;
    this.#reader.stop();
  }

  /** Undefined while it is not ready, or lent already. */
  lend(onField: (field: Field) => void): { readonly field: Field; takeBack(): void } | undefined {
    if (this.#borrower !== undefined || this.#status.state !== 'ready') return undefined;
    this.#borrower = onField;
    const before = this.#field;
    this.#station?.onField(emptyField);
    this.#station?.onStatus({ state: 'starting' });
    return {
      field: before,
      takeBack: () => {
        if (this.#borrower !== onField) return;
        this.#borrower = undefined;
        this.#station?.onStatus(this.#status);
        this.#station?.onField(this.#field);
      },
    };
  }

  /** As `RfidReader` has it. */
  setSecurity(...args: Parameters<RfidReader['setSecurity']>): void {
    this.#reader.setSecurity(...args);
  }

  write(...args: Parameters<RfidReader['write']>): void {
    this.#reader.write(...args);
  }
}
