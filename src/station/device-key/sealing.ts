import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { err, ok, type Result } from '../../kernel/result.ts';
import type { RunProgram } from './run-program.ts';

/** Seals a key so that only this machine’s hardware or system account opens it again. The errors are for the technician. */
export interface SealingProgram {
  /** The file in the data folder in which the sealed key lies. */
  readonly file: string;
  seal(key: Uint8Array, run: RunProgram): Result<Uint8Array, string>;
  open(sealed: Uint8Array, run: RunProgram): Result<Uint8Array, string>;
}

/** The name under which systemd seals it; another credential does not open as this one. */
export const credentialName = 'omatoimi-device-key';

/**
 * By the machine’s TPM 2.0 through systemd-creds(1).
 *
 * @param pcrs the TPM’s registers that must stand as they did when the key was sealed; none where the list is empty
 */
export function systemdCreds(pcrs: readonly number[]): SealingProgram {
  const seal = ['encrypt', '--with-key=tpm2', `--tpm2-pcrs=${pcrs.join('+')}`, `--name=${credentialName}`];
  return {
    file: 'device-key.cred',
    seal: (key, run) => run('systemd-creds', [...seal, '-', '-'], key),
    open: (sealed, run) => run('systemd-creds', ['decrypt', `--name=${credentialName}`, '-', '-'], sealed),
  };
}

const sealedObject = z.strictObject({
  version: z.literal(1),
  /** TPM2B_PUBLIC and TPM2B_PRIVATE of the sealed object (TPM 2.0 Library, Part 2, 12.2.5 and 12.3.7), in base64. */
  public: z.base64(),
  private: z.base64(),
  pcrs: z.array(z.int().min(0).max(23)),
});

/**
 * By the machine’s TPM 2.0 through tpm2-tools(7): a sealed data object below the owner’s primary key, which the TPM makes anew from
 * its seed each time. The key itself goes through pipes only; what lies in files meanwhile is the TPM’s own, encrypted by it.
 *
 * @param folder where its files may lie meanwhile
 */
export function tpm2Tools(pcrs: readonly number[], folder: string): SealingProgram {
  return {
    file: 'device-key.tpm2',
    seal: (key, run) =>
      inSteps(folder, run, (step, file) => {
        primary(step, file);
        const policy = pcrs.length === 0 ? [] : ['-L', file('policy')];
        if (pcrs.length > 0)
          step('tpm2_createpolicy', ['-Q', '--policy-pcr', '-l', pcrList(pcrs), ...policy]);
        const parts = ['-u', file('public'), '-r', file('private')];
        step('tpm2_create', ['-Q', '-C', file('primary'), '-i', '-', ...parts, ...policy], key);
        const content: z.input<typeof sealedObject> = {
          version: 1,
          public: readFileSync(file('public')).toString('base64'),
          private: readFileSync(file('private')).toString('base64'),
          pcrs: [...pcrs],
        };
        return Buffer.from(`${JSON.stringify(content)}\n`);
      }),
    open: (sealed, run) => {
      const content = readSealed(sealed);
      if (content === undefined) return err('device-key.tpm2 is not what was written');
      return inSteps(folder, run, (step, file) => {
        writeFileSync(file('public'), Buffer.from(content.public, 'base64'));
        writeFileSync(file('private'), Buffer.from(content.private, 'base64'));
        primary(step, file);
        const parts = ['-u', file('public'), '-r', file('private')];
        step('tpm2_load', ['-Q', '-C', file('primary'), ...parts, '-c', file('object')]);
        const policy = content.pcrs.length === 0 ? [] : ['-p', `pcr:${pcrList(content.pcrs)}`];
        return step('tpm2_unseal', ['-c', file('object'), ...policy]);
      });
    },
  };
}

type Step = (program: string, args: readonly string[], input?: Uint8Array) => Uint8Array;
type NameFile = (name: string) => string;

/** The parent of the sealed object: the same for ever on this TPM, until its owner clears it. */
function primary(step: Step, file: NameFile): void {
  step('tpm2_createprimary', ['-Q', '-C', 'o', '-g', 'sha256', '-G', 'ecc', '-c', file('primary')]);
}

const pcrList = (pcrs: readonly number[]): string => `sha256:${pcrs.join(',')}`;

class StepFailed extends Error {}

/** Runs programs one after the other until one fails, with a folder of their own that is gone afterwards. */
function inSteps(
  folder: string,
  run: RunProgram,
  work: (step: Step, file: NameFile) => Uint8Array,
): Result<Uint8Array, string> {
  const own = mkdtempSync(join(folder, 'device-key.work-'));
  try {
    const step: Step = (program, args, input = new Uint8Array()) => {
      const ended = run(program, args, input);
      if (!ended.ok) throw new StepFailed(ended.error);
      return ended.value;
    };
    return ok(work(step, (name) => join(own, name)));
  } catch (error) {
    if (error instanceof StepFailed) return err(error.message);
    throw error;
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
}

function readSealed(bytes: Uint8Array): z.output<typeof sealedObject> | undefined {
  try {
    return sealedObject.safeParse(JSON.parse(Buffer.from(bytes).toString('utf8'))).data;
  } catch {
    return undefined;
  }
}

/** By Windows’ ProtectedData for the account that the station runs under. */
export const dpapi: SealingProgram = {
  file: 'device-key.dpapi',
  seal: (key, run) => throughPowerShell('Protect', key, run),
  open: (sealed, run) => throughPowerShell('Unprotect', sealed, run),
};

function throughPowerShell(
  verb: 'Protect' | 'Unprotect',
  bytes: Uint8Array,
  run: RunProgram,
): Result<Uint8Array, string> {
  const script = [
    '$ErrorActionPreference = "Stop"',
    'Add-Type -AssemblyName System.Security',
    '$in = [Convert]::FromBase64String([Console]::In.ReadToEnd())',
    `$out = [Security.Cryptography.ProtectedData]::${verb}($in, $null, 'CurrentUser')`,
    '[Console]::Out.Write([Convert]::ToBase64String($out))',
  ].join('; ');
  const args = ['-NoProfile', '-NonInteractive', '-Command', script];
  const answer = run('powershell', args, Buffer.from(Buffer.from(bytes).toString('base64')));
  if (!answer.ok) return answer;
  const text = Buffer.from(answer.value).toString('latin1').trim();
  return /^[A-Za-z0-9+/]+={0,2}$/.test(text)
    ? ok(Uint8Array.from(Buffer.from(text, 'base64')))
    : err('powershell gave something else than base64');
}
