/// <reference types="@webgpu/types" />
// Whether Dawn will find a Vulkan driver on Linux. It complains on standard error where there is none, and nothing in
// JavaScript can keep it from that: so it is asked in a process of its own, whose complaints end in the error's text.

import { nodeModule } from '../../../node-module';

type Env = Readonly<Record<string, string | undefined>>;

interface Files {
  existsSync(path: string): boolean;
  readdirSync(path: string): string[];
  realpathSync(path: string): string;
}

/** Places of the loader's documentation (LoaderDriverInterface.md), and that of NixOS. */
function manifestFolders(env: Env): string[] {
  const home = env.HOME ?? '';
  const roots = [
    env.XDG_CONFIG_HOME || `${home}/.config`,
    ...(env.XDG_CONFIG_DIRS || '/etc/xdg').split(':'),
    '/etc',
    '/usr/local/etc',
    env.XDG_DATA_HOME || `${home}/.local/share`,
    ...(env.XDG_DATA_DIRS || '/usr/local/share:/usr/share').split(':'),
    '/run/opengl-driver/share',
  ];
  return roots.filter(Boolean).map((root) => `${root}/vulkan/icd.d`);
}

const listed = (files: Files, folder: string) => {
  try {
    return files.readdirSync(folder);
  } catch {
    return [];
  }
};

/** Whether any driver is installed, or any GPU is there that might have one where nobody looks. */
export function mayHaveDriver(env: Env, files = nodeModule<Files>('fs')): boolean {
  if (files === undefined) return true;
  if (listed(files, '/dev').some((name) => name === 'dri' || /^nvidia|^dxg$/.test(name))) return true;
  const own = env.VK_DRIVER_FILES ?? env.VK_ICD_FILENAMES;
  const named = [own, env.VK_ADD_DRIVER_FILES].flatMap((list) => list?.split(':') ?? []);
  if (named.some((path) => path !== '' && files.existsSync(path))) return true;
  if (own !== undefined) return false; // these take the place of all folders
  return manifestFolders(env).some((folder) => listed(files, folder).some((name) => name.endsWith('.json')));
}

/**
 * Dawn zeroes the memory of workgroups by one null constant, which SwiftShader writes out word by word: seconds a
 * kernel.
 */
const BY_LOOP = 'disable-dawn-features=use_vulkan_zero_initialize_workgroup_memory_extension';

/** What Dawn is created with on Linux; a driver in software, named by hand, is spared what it compiles slowly. */
export function dawnFlags({ VK_DRIVER_FILES, VK_ICD_FILENAMES }: Env): string[] {
  const isSoftware = (VK_DRIVER_FILES ?? VK_ICD_FILENAMES)?.includes('swiftshader');
  return isSoftware ? ['backend=vulkan', BY_LOOP] : ['backend=vulkan'];
}

interface ChildProcesses {
  execFile(
    file: string,
    words: readonly string[],
    options: { timeout: number },
    done: (
      error: (Error & { code?: unknown; killed?: boolean; signal?: string | null }) | null,
      out: string,
      err: string,
    ) => void,
  ): void;
}

/** Milliseconds after which a driver that does not answer is asked in this process all the same. */
const PATIENCE = 20_000;

/** The exit code that says there is no adapter. */
const NONE = 77;

/** Where npm `webgpu` lies, as seen from the program that runs and from its folder; undefined where it is not seen. */
function pathOfDawn(specifier: string): string | undefined {
  const module = nodeModule<{ createRequire(from: string): { resolve(name: string): string } }>('module');
  const files = nodeModule<Files>('fs');
  const { argv, cwd } = globalThis.process as unknown as { argv: string[]; cwd(): string };
  for (const from of [argv[1], `${cwd()}/program.js`]) {
    try {
      const real = from === argv[1] ? files!.realpathSync(from!) : from!;
      return module!.createRequire(real).resolve(specifier);
    } catch {}
  }
  return undefined;
}

/**
 * Asks Dawn for an adapter in another process.
 * @returns what went wrong, in the driver's words; undefined when an adapter was found, or when nothing could be asked
 */
export async function askForAdapter(
  specifier: string,
  flags: readonly string[],
): Promise<string | undefined> {
  const children = nodeModule<ChildProcesses>('child_process');
  const path = pathOfDawn(specifier);
  if (children === undefined || path === undefined) return undefined;
  const program = `import { create } from ${JSON.stringify(`file://${path}`)};
const adapter = await create(${JSON.stringify(flags)}).requestAdapter({ powerPreference: 'high-performance' });
process.exit(adapter === null ? ${NONE} : 0);`;
  const { execPath } = globalThis.process as unknown as { execPath: string };
  return new Promise((settle) => {
    try {
      children.execFile(
        execPath,
        ['--input-type=module', '--eval', program],
        { timeout: PATIENCE },
        (error, _, complaints) => {
          // any other end says something of this runtime, and nothing of the driver
          if (error?.code === NONE || (error?.signal && !error.killed))
            settle(
              folded(complaints) ||
                `nothing; a process that asked it ended with ${error.signal ?? error.code}`,
            );
          else settle(undefined);
        },
      );
    } catch {
      settle(undefined); // a runtime that may not start processes
    }
  });
}

/** Dawn's lines as one, without the places in its own source. */
export function folded(complaints: string): string {
  const lines = complaints
    .split('\n')
    .map((line) => line.trim().replace(/^Warning: /, ''))
    .filter((line) => line !== '' && !line.startsWith('at '));
  return [...new Set(lines)].join('; ').slice(0, 400);
}
