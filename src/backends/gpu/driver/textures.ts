// The textures of a WebGL2 context, as the pool makes them: one number a texel, row after row. Rows are a power of
// two long, so that a shader finds a number by shifting and masking.

import type { Room, RoomMaker } from './pool';
import { noRoom, sizeClass } from './pool';

export interface PooledTexture extends Room {
  readonly texture: WebGLTexture;
  /** Renders into the texture. */
  readonly framebuffer: WebGLFramebuffer;
  /** Texels in a row: 2^shift. */
  readonly width: number;
  readonly shift: number;
}

const WIDEST = 4096;
const NARROWEST = 64;

/** Length of the rows of every texture that has more than one. */
export function rowLength(gl: WebGL2RenderingContext): number {
  return Math.min(WIDEST, gl.getParameter(gl.MAX_TEXTURE_SIZE));
}

/** The part of a texture that holds `size` numbers. */
export function extentOf({ width }: PooledTexture, size: number): { columns: number; rows: number } {
  return { columns: Math.min(size, width), rows: Math.ceil(size / width) };
}

export function textureMaker(gl: WebGL2RenderingContext): RoomMaker<PooledTexture> {
  const full = rowLength(gl);
  return {
    capacityFor(bytes) {
      const numbers = Math.max(NARROWEST, bytes / 4);
      if (numbers <= full) return 4 * 2 ** Math.ceil(Math.log2(numbers));
      // whole rows, in few counts
      return 4 * full * (sizeClass(256 * Math.ceil(numbers / full)) / 256);
    },

    create(where, capacity, held) {
      const width = Math.min(full, capacity / 4);
      const texture = gl.createTexture();
      gl.bindTexture(gl.TEXTURE_2D, texture);
      gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
      gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
      gl.texStorage2D(gl.TEXTURE_2D, 1, gl.R32F, width, capacity / 4 / width);
      const framebuffer = gl.createFramebuffer();
      gl.bindFramebuffer(gl.FRAMEBUFFER, framebuffer);
      gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, texture, 0);
      if (gl.getError() === gl.OUT_OF_MEMORY) {
        gl.deleteFramebuffer(framebuffer);
        gl.deleteTexture(texture);
        throw noRoom(where, capacity, held);
      }
      return { texture, framebuffer, width, shift: Math.log2(width), capacity };
    },

    destroy({ texture, framebuffer }) {
      gl.deleteFramebuffer(framebuffer);
      gl.deleteTexture(texture);
    },
  };
}
