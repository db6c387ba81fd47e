import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { defaultConfig, stationProgram } from '../../../src/main/program.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

describe('the station’s program', () => {
  test('is in the clone as it stands', () => {
    const program = stationProgram({
      appPath: root,
      isPackaged: false,
      resourcesPath: '/nowhere',
      platform: process.platform,
    });
    expect([existsSync(program.node), existsSync(program.file)]).toEqual([true, true]);
  });

  test('is in the package where the packager puts it', () => {
    const builder = parse(readFileSync(join(root, 'electron-builder.yml'), 'utf8'));
    expect(builder.extraResources).toContainEqual({ from: 'node_modules/node/bin', to: 'node' });
    expect(builder.asarUnpack).toContain('src/**');
    const place = { appPath: '/opt/Omatoimi/resources/app.asar', isPackaged: true };
    expect(stationProgram({ ...place, resourcesPath: '/opt/Omatoimi/resources', platform: 'linux' })).toEqual(
      {
        node: '/opt/Omatoimi/resources/node/node',
        file: '/opt/Omatoimi/resources/app.asar.unpacked/src/station/main.ts',
      },
    );
    expect(stationProgram({ ...place, resourcesPath: '/o', platform: 'win32' }).node).toBe(
      '/o/node/node.exe',
    );
  });

  test('has its configuration in the system’s usual place', () => {
    expect(defaultConfig('linux', {})).toBe('/etc/omatoimi/station.yaml');
    expect(defaultConfig('win32', { ProgramData: 'D:\\Data' })).toMatch(/^D:\\Data.Omatoimi.station\.yaml$/);
  });
});
