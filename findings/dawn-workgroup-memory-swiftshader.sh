#!/usr/bin/env bash
# A kernel that touches 64 numbers takes seconds to compile, because it declares 4,096 in workgroup memory.
#
# What happens: WebGPU promises that workgroup memory begins as zeros. Dawn (npm webgpu 0.6.2) asks a Vulkan driver for that, through
# VK_KHR_zero_initialize_workgroup_memory, by one null constant as the variable's initial value. SwiftShader (the driver
# in software that Chromium, Playwright and server tests use; here as of @sparticuz/chromium 147.0.0) writes such a constant out
# element by element while it compiles, and the time grows faster than the array: 64 numbers some 50 ms, 1,024 about a
# second, 4,096 (16 KiB, what every device must offer) several seconds for each pipeline. With Dawn's feature
# use_vulkan_zero_initialize_workgroup_memory_extension disabled, Dawn writes a loop in its place: some 15 ms, whatever the size.
#
# Why a good guess is wrong: a slow first dispatch on a software driver looks like slow execution, a large shader or loop unrolling, so
# one shrinks the work or the tile's code. Neither matters here; the declaration alone does, and asking for the extension is
# what a fast driver wants.
#
# Whom it hits here: whoever tests kernels with tiles in workgroup memory (matrix products, implicit convolutions) without a GPU.
# spikegrad disables the feature where the driver is SwiftShader by name; its suites of the GPU compile in a twentieth of the
# time since.
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y > /dev/null
npm install --silent --no-audit --no-fund --ignore-scripts webgpu@0.6.2
npm pack --silent @sparticuz/chromium@147.0.0 > /dev/null
tar xzf sparticuz-chromium-147.0.0.tgz
node -e "
const { brotliDecompressSync } = require('zlib');
const { readFileSync, writeFileSync } = require('fs');
writeFileSync('driver.tar', brotliDecompressSync(readFileSync('package/bin/swiftshader.tar.br')));"
mkdir driver
tar xf driver.tar -C driver
cat > compile.mjs <<'JS'
import { create } from 'webgpu';

const gpu = create(['backend=vulkan', ...process.argv.slice(2)]);
const adapter = await gpu.requestAdapter();
if (adapter === null) throw new Error('no adapter: the driver was not found');
const device = await adapter.requestDevice();
const code = (count) => `
var<workgroup> kept : array<f32, ${count}>;
@group(0) @binding(0) var<storage, read_write> result : array<f32>;
@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) i : u32) {
  kept[i] = f32(i);
  workgroupBarrier();
  result[i] = kept[63u - i];
}`;
const times = [];
for (const count of [64, 1024, 4096]) {
  const began = performance.now();
  const module = device.createShaderModule({ code: code(count) });
  await device.createComputePipelineAsync({ layout: 'auto', compute: { module, entryPoint: 'main' } });
  times.push(performance.now() - began);
  console.error(`  ${count} numbers: ${times.at(-1).toFixed(0)} ms`);
}
console.error(`  on ${adapter.info.description || adapter.info.device}`);
console.log(times.at(-1));
process.exit(0);
JS
export LD_LIBRARY_PATH="$folder/driver" VK_DRIVER_FILES="$folder/driver/vk_swiftshader_icd.json" XDG_RUNTIME_DIR="$folder"
echo "Dawn as it is:"
whole="$(node compile.mjs)"
echo "with use_vulkan_zero_initialize_workgroup_memory_extension disabled:"
loop="$(node compile.mjs disable-dawn-features=use_vulkan_zero_initialize_workgroup_memory_extension)"
node -e "
const ratio = $whole / $loop;
console.log('4,096 numbers: ' + ratio.toFixed(0) + ' times as long');
if (!(ratio > 20)) { console.log('CHANGED: expected more than 20 times'); process.exit(1); }
console.log('as described');"
