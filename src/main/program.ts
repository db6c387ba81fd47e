import { join } from 'node:path';
import type { StationProgram } from '../cli/station-process.ts';

export interface Place {
  /** Electron’s `app.getAppPath()`: the clone, or the archive of the package. */
  readonly appPath: string;
  readonly isPackaged: boolean;
  /** `process.resourcesPath` */
  readonly resourcesPath: string;
  readonly platform: NodeJS.Platform;
}

/** The station and the Node that is shipped for it. It runs outside of Electron, so out of the archive’s unpacked part. */
export function stationProgram({ appPath, isPackaged, resourcesPath, platform }: Place): StationProgram {
  const name = platform === 'win32' ? 'node.exe' : 'node';
  const root = isPackaged ? join(resourcesPath, 'app.asar.unpacked') : appPath;
  return {
    node: isPackaged ? join(resourcesPath, 'node', name) : join(root, 'node_modules', 'node', 'bin', name),
    file: join(root, 'src', 'station', 'main.ts'),
  };
}

/** Where an installed station’s configuration is when no other file is named. */
export function defaultConfig(
  platform: NodeJS.Platform,
  env: Readonly<Record<string, string | undefined>>,
): string {
  return platform === 'win32'
    ? join(env['ProgramData'] ?? 'C:\\ProgramData', 'Omatoimi', 'station.yaml')
    : '/etc/omatoimi/station.yaml';
}
