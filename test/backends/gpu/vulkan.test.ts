// Whether a Vulkan driver may be there, looked up without loading anything, and a driver's complaints as one line.

import { describe, expect, test } from 'vitest';
import { dawnFlags, folded, mayHaveDriver } from '../../../src/backends/gpu/driver/vulkan';

/** A disk with these files. */
function disk(...paths: string[]) {
  return {
    existsSync: (path: string) => paths.includes(path),
    realpathSync: (path: string) => path,
    readdirSync(folder: string) {
      const inside = paths.filter((path) => path.startsWith(`${folder}/`));
      if (inside.length === 0) throw new Error(`no folder ${folder}`);
      return inside.map((path) => path.slice(folder.length + 1).split('/')[0]!);
    },
  };
}

describe('a driver may be there', () => {
  const home = { HOME: '/home/a' };
  test.each([
    ['a manifest of the system', home, '/usr/share/vulkan/icd.d/nvidia_icd.json'],
    ["a manifest of the user's", home, '/home/a/.local/share/vulkan/icd.d/own.json'],
    [
      'a manifest where XDG_DATA_DIRS says',
      { XDG_DATA_DIRS: '/opt/share' },
      '/opt/share/vulkan/icd.d/own.json',
    ],
    ['a driver that is named', { VK_ICD_FILENAMES: '/nowhere.json:/opt/own.json' }, '/opt/own.json'],
    ['one more driver that is named', { VK_ADD_DRIVER_FILES: '/opt/own.json' }, '/opt/own.json'],
    ['a GPU, wherever its driver is', home, '/dev/dri/card0'],
    ["NVIDIA's device", home, '/dev/nvidia0'],
    ['the GPU of Windows under Linux', home, '/dev/dxg'],
  ])('with %s', (_, env, path) => {
    expect(mayHaveDriver(env, disk(path))).toBe(true);
  });

  test('not without any of these, and not where the named driver is not there', () => {
    expect(mayHaveDriver(home, disk('/dev/null', '/usr/share/vulkan/icd.d/README'))).toBe(false);
    const named = { VK_DRIVER_FILES: '/nowhere.json' };
    expect(mayHaveDriver(named, disk('/usr/share/vulkan/icd.d/nvidia_icd.json'))).toBe(false);
  });
});

test('SwiftShader, named by hand, is spared the null constants of workgroup memory; no other driver is', () => {
  expect(dawnFlags({ VK_DRIVER_FILES: '/opt/vk_swiftshader_icd.json' })).toHaveLength(2);
  expect(dawnFlags({ VK_DRIVER_FILES: '/opt/nvidia_icd.json' })).toEqual(['backend=vulkan']);
  expect(dawnFlags({})).toEqual(['backend=vulkan']);
});

test("a driver's complaints become one line without the places in its source", () => {
  expect(
    folded(
      'Warning: vkCreateInstance: Found no drivers!\nWarning: vkCreateInstance failed\n    at Check (/a/b.cpp:106)\n\nWarning: vkCreateInstance failed\n',
    ),
  ).toBe('vkCreateInstance: Found no drivers!; vkCreateInstance failed');
});
