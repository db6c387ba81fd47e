/** Telnet’s commands (RFC 854). */
const iac = 255;
const dont = 254;
const doIt = 253;
const wont = 252;
const will = 251;
const subnegotiation = 250;
const subnegotiationEnd = 240;

type Place = 'text' | 'command' | 'option' | 'inside' | 'insideCommand';

/** Takes telnet’s commands out of a stream and declines each option. */
export class TelnetFilter {
  #place: Place = 'text';
  #command = 0;

  /** The text, one character for each byte, and what is to be answered. */
  push(chunk: Uint8Array): { readonly text: string; readonly answer: Uint8Array } {
    let text = '';
    const answer: number[] = [];
    for (const byte of chunk) {
      switch (this.#place) {
        case 'text':
          if (byte === iac) this.#place = 'command';
          else text += String.fromCharCode(byte);
          break;
        case 'command':
          text += this.#commanded(byte);
          break;
        case 'option':
          if (this.#command === doIt) answer.push(iac, wont, byte);
          if (this.#command === will) answer.push(iac, dont, byte);
          this.#place = 'text';
          break;
        case 'inside':
          if (byte === iac) this.#place = 'insideCommand';
          break;
        case 'insideCommand':
          this.#place = byte === subnegotiationEnd ? 'text' : 'inside';
          break;
      }
    }
    return { text, answer: Uint8Array.from(answer) };
  }

  /** The byte after IAC. A doubled IAC is the byte itself. */
  #commanded(byte: number): string {
    this.#command = byte;
    this.#place = byte === subnegotiation ? 'inside' : byte >= will && byte <= dont ? 'option' : 'text';
    return byte === iac ? String.fromCharCode(iac) : '';
  }
}
