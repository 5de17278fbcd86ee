// The driver on WebGL2, for browsers without WebGPU: every kernel is a fragment shader that draws its numbers into a
// float texture. It has gpu.js kernels only. WebGL runs its commands in order and batches them itself, so nothing is
// recorded here; reading waits for a fence, not for the device.

import { check, SpikegradError } from '../../../errors';
import type { Handle } from '../../backend';
import { type Shape, sizeOf } from '../../shape';
import { type GpuHandle, roomOf } from '../handle';
import type { Counters, Driver, JsCall, WgslCall } from '.';
import type { AdapterInfo } from './device';
import { glslOfJs, VERTICES } from './glsl';
import type { JsKernel, WgslKernel } from './kernel';
import { Pool } from './pool';
import { PooledDriver } from './pooled';
import { extentOf, type PooledTexture, rowLength, textureMaker } from './textures';
import type { KernelTime } from './timestamps';

/** A linked kernel and where its uniforms are; null where the shader does not use one. */
interface LinkedProgram {
  readonly gl: WebGLProgram;
  readonly outputSize: WebGLUniformLocation | null;
  readonly shift: WebGLUniformLocation | null;
  readonly arrays: readonly { readonly size: Location; readonly dim: Location }[];
  readonly scalars: readonly {
    readonly name: string;
    readonly location: Location;
    readonly whole: boolean;
  }[];
}
type Location = WebGLUniformLocation | null;

/** Milliseconds for which a device is asked without rest whether it is done; what takes longer may take one more. */
const SPIN = 3;

export class WebGl2Driver extends PooledDriver<PooledTexture> implements Driver {
  readonly hasWgsl = false;
  readonly profiles = false;
  readonly info: AdapterInfo;
  /** Bytes of the largest tensor. */
  readonly limit: number;
  readonly #gl: WebGL2RenderingContext;
  protected readonly pool: Pool<PooledTexture>;
  readonly #programs = new Map<object, LinkedProgram>();
  readonly #counts = { dispatches: 0, submissions: 0, uploads: 0, uploadedBytes: 0, reads: 0, readBytes: 0 };
  /** Whether single channels can be read back; else four come for each number. */
  #readsSingle: boolean | undefined;
  #closed = false;

  private constructor(gl: WebGL2RenderingContext) {
    super();
    this.#gl = gl;
    this.info = adapterOf(gl);
    this.limit = 4 * rowLength(gl) * gl.getParameter(gl.MAX_TEXTURE_SIZE);
    this.pool = new Pool(this.limit, textureMaker(gl));
    gl.disable(gl.DITHER);
  }

  /** @throws without WebGL2 or float textures that can be drawn into */
  static start(where: string): WebGl2Driver {
    const canvas =
      globalThis.OffscreenCanvas === undefined
        ? globalThis.document.createElement('canvas')
        : new OffscreenCanvas(1, 1);
    const gl = canvas.getContext('webgl2', {
      alpha: false,
      antialias: false,
      depth: false,
      powerPreference: 'high-performance',
    }) as WebGL2RenderingContext | null;
    if (gl === null || gl.getExtension('EXT_color_buffer_float') === null) {
      throw new SpikegradError(
        where,
        "this browser has neither WebGPU nor WebGL2 with float textures: use backend 'wasm'",
      );
    }
    return new WebGl2Driver(gl);
  }

  get counters(): Counters {
    return { ...this.#counts, pipelines: this.#programs.size };
  }

  write(where: string, handle: Handle, data: ArrayLike<number>): void {
    this.checkAlive(where);
    const gl = this.#gl;
    const { texture, width } = textureOf(where, handle);
    if (data.length === 0) return;
    const numbers = data instanceof Float32Array ? data : Float32Array.from(data);
    gl.bindTexture(gl.TEXTURE_2D, texture);
    const put = (row: number, columns: number, rows: number) =>
      gl.texSubImage2D(
        gl.TEXTURE_2D,
        0,
        0,
        row,
        columns,
        rows,
        gl.RED,
        gl.FLOAT,
        numbers.subarray(row * width),
      );
    const whole = Math.floor(numbers.length / width);
    const rest = numbers.length - whole * width;
    if (whole > 0) put(0, width, whole);
    if (rest > 0) put(whole, rest, 1);
    this.#counts.uploads++;
    this.#counts.uploadedBytes += numbers.byteLength;
  }

  async read(where: string, handle: Handle): Promise<Float32Array<ArrayBuffer>> {
    this.checkAlive(where);
    const gl = this.#gl;
    const source = textureOf(where, handle);
    this.#counts.reads++;
    this.#counts.readBytes += handle.bytes;
    const { columns, rows } = extentOf(source, handle.size);
    if (columns === 0) return new Float32Array(0);
    gl.bindFramebuffer(gl.FRAMEBUFFER, source.framebuffer);
    this.#readsSingle ??=
      gl.getParameter(gl.IMPLEMENTATION_COLOR_READ_FORMAT) === gl.RED &&
      gl.getParameter(gl.IMPLEMENTATION_COLOR_READ_TYPE) === gl.FLOAT;
    const channels = this.#readsSingle ? 1 : 4;
    const buffer = gl.createBuffer();
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, buffer);
    gl.bufferData(gl.PIXEL_PACK_BUFFER, 4 * channels * columns * rows, gl.STREAM_READ);
    gl.readPixels(0, 0, columns, rows, this.#readsSingle ? gl.RED : gl.RGBA, gl.FLOAT, 0);
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, null);
    await this.#reached(where);
    const texels = new Float32Array(channels * handle.size);
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, buffer);
    gl.getBufferSubData(gl.PIXEL_PACK_BUFFER, 0, texels);
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, null);
    gl.deleteBuffer(buffer);
    const error = gl.getError();
    this.checkAlive(where);
    check(error === gl.NO_ERROR, where, () => `WebGL2 refused a command: error ${error}`);
    return channels === 1 ? texels : texels.filter((_, i) => i % channels === 0);
  }

  js<A extends string, S extends string>(kernel: JsKernel<A, S>, call: JsCall<A, S>): GpuHandle {
    const { name, arrays } = kernel;
    const size = sizeOf(call.output);
    const result = this.allocate(name, size);
    if (size === 0) return result;
    const gl = this.#gl;
    const program = this.#programOf(kernel);
    gl.useProgram(program.gl);
    arrays.forEach((array, i) => {
      const { handle, shape } = call.arrays[array];
      const { texture, width, shift } = textureOf(name, handle);
      gl.activeTexture(gl.TEXTURE0 + i);
      gl.bindTexture(gl.TEXTURE_2D, texture);
      gl.uniform2i(program.arrays[i]!.size, width - 1, shift);
      gl.uniform3i(program.arrays[i]!.dim, ...lengths(shape));
    });
    for (const { name: scalar, location, whole } of program.scalars) {
      const value = (call.scalars as Readonly<Record<string, number>>)[scalar]!;
      if (whole) gl.uniform1i(location, value);
      else gl.uniform1f(location, value);
    }
    const target = textureOf(name, result);
    const { columns, rows } = extentOf(target, size);
    gl.uniform3i(program.outputSize, ...lengths(call.output));
    gl.uniform1i(program.shift, target.shift);
    gl.bindFramebuffer(gl.FRAMEBUFFER, target.framebuffer);
    gl.viewport(0, 0, columns, rows);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
    this.#counts.dispatches++;
    return result;
  }

  wgsl<I extends string, O extends string, S extends string>(
    { name }: WgslKernel<I, O, S>,
    _call: WgslCall<I, O, S>,
  ): Record<O, GpuHandle> {
    throw new SpikegradError(
      name,
      "this needs WebGPU, and the browser has WebGL2 only: use backend 'wasm', or a browser with WebGPU",
    );
  }

  flush(): void {
    this.#gl.flush();
    this.#counts.submissions++;
  }

  profile(): void {}

  profiled(): Promise<KernelTime[]> {
    return Promise.resolve([]);
  }

  close(): void {
    this.#closed = true;
    this.#gl.getExtension('WEBGL_lose_context')?.loseContext();
  }

  protected checkAlive(where: string): void {
    if (!this.#closed && !this.#gl.isContextLost()) return;
    const reason = this.#closed ? 'it was closed' : 'the browser took the WebGL2 context away';
    throw new SpikegradError(
      where,
      `the GPU device was lost (${reason}) with all tensors on it; call init again and start from a checkpoint`,
    );
  }

  /** Waits until the device has done what it was told so far. */
  async #reached(where: string): Promise<void> {
    const gl = this.#gl;
    const fence = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0)!;
    this.flush();
    const began = performance.now();
    const channel = new MessageChannel(); // timers are held back once they are nested, and where a page is hidden
    const rests = () => performance.now() - began > SPIN && globalThis.document?.hidden !== true;
    const turn = () =>
      new Promise<unknown>((resolve) => {
        channel.port1.onmessage = () => (rests() ? setTimeout(resolve, 1) : resolve(0));
        channel.port2.postMessage(0);
      });
    while (gl.clientWaitSync(fence, 0, 0) === gl.TIMEOUT_EXPIRED && !gl.isContextLost()) await turn();
    channel.port1.close();
    gl.deleteSync(fence);
    this.checkAlive(where);
  }

  #programOf(kernel: JsKernel): LinkedProgram {
    let program = this.#programs.get(kernel);
    if (program === undefined) {
      program = link(this.#gl, kernel);
      this.#programs.set(kernel, program);
    }
    return program;
  }
}

function textureOf(where: string, handle: Handle): PooledTexture {
  return roomOf(where, handle, (room): room is PooledTexture => 'texture' in room);
}

/** Along x, y, z. */
function lengths(shape: Shape): [number, number, number] {
  const [x = 1, y = 1, z = 1] = shape.toReversed();
  return [x, y, z];
}

function link(gl: WebGL2RenderingContext, kernel: JsKernel): LinkedProgram {
  const { name, arrays, scalars } = kernel;
  const program = gl.createProgram();
  const shaders = [
    compile(gl, gl.VERTEX_SHADER, VERTICES),
    compile(gl, gl.FRAGMENT_SHADER, glslOfJs(kernel)),
  ];
  for (const shader of shaders) gl.attachShader(program, shader);
  gl.linkProgram(program);
  const isLinked = gl.getProgramParameter(program, gl.LINK_STATUS) || gl.isContextLost();
  check(isLinked, name, () => {
    const logs = [...shaders.map((shader) => gl.getShaderInfoLog(shader)), gl.getProgramInfoLog(program)];
    return `WebGL2 cannot run this kernel: use backend 'wasm' (${logs.filter(Boolean).join('; ')})`;
  });
  for (const shader of shaders) gl.deleteShader(shader);
  gl.useProgram(program);
  const at = (uniform: string) => gl.getUniformLocation(program, uniform);
  for (const [unit, array] of arrays.entries()) gl.uniform1i(at(`user_${array}`), unit);
  return {
    gl: program,
    outputSize: at('outputSize'),
    shift: at('shift'),
    arrays: arrays.map((array) => ({ size: at(`user_${array}Size`), dim: at(`user_${array}Dim`) })),
    scalars: Object.entries(scalars).map(([scalar, type]) => ({
      name: scalar,
      location: at(`user_${scalar}`),
      whole: type === 'integer',
    })),
  };
}

function compile(gl: WebGL2RenderingContext, type: number, source: string): WebGLShader {
  const shader = gl.createShader(type)!;
  gl.shaderSource(shader, source);
  gl.compileShader(shader);
  return shader;
}

function adapterOf(gl: WebGL2RenderingContext): AdapterInfo {
  const names = gl.getExtension('WEBGL_debug_renderer_info');
  return {
    vendor: gl.getParameter(names?.UNMASKED_VENDOR_WEBGL ?? gl.VENDOR),
    architecture: 'webgl2',
    description: gl.getParameter(names?.UNMASKED_RENDERER_WEBGL ?? gl.RENDERER),
  };
}
