/** How an emulated reader behaves. */
export type Twn4Manners = 'well' | 'mute' | 'refuses' | 'garbles';

/** A TWN4 with its simple protocol, and the card that lies on it. */
export class Twn4Emulator {
  manners: Twn4Manners = 'well';
  /** Commands that it answers or would answer. */
  asked = 0;
  #card: { readonly type: number; readonly uid: Uint8Array } | undefined;
  #line = '';

  /** @param uid hexadecimal digits, first byte first; `type` is the reader’s number for the kind of chip */
  put(uid: string, type = 0x80): void {
    this.#card = { type, uid: Buffer.from(uid, 'hex') };
  }

  take(): void {
    this.#card = undefined;
  }

  bytes(chunk: Uint8Array): Uint8Array {
    let answers = '';
    for (const character of Buffer.from(chunk).toString('latin1')) {
      if (character !== '\r') {
        this.#line += character;
        continue;
      }
      answers += this.#answer(this.#line);
      this.#line = '';
    }
    return Buffer.from(answers, 'latin1');
  }

  #answer(command: string): string {
    this.asked += 1;
    switch (this.manners) {
      case 'mute':
        return '';
      case 'refuses':
        return '02\r';
      case 'garbles':
        return '0001800G\r';
      case 'well':
        return command === '050010' ? `${this.#tag()}\r` : '01\r';
    }
  }

  #tag(): string {
    if (this.#card === undefined) return '0000';
    const { type, uid } = this.#card;
    const head = Buffer.from([0, 1, type, uid.length * 8, uid.length]);
    return Buffer.concat([head, uid]).toString('hex').toUpperCase();
  }
}
