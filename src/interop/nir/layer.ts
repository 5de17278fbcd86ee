// A NIR node as a layer over sequences [T,N,...], channels last. What it remembers lasts until `reset`, so that a
// sequence may be run in pieces, and a graph with feedback step by step.

import { tensor } from '../../core/create';
import type { Tensor } from '../../core/tensor';
import type { StateLayout } from '../../nn/module';
import { Module } from '../../nn/module';
import type { ArrayWithShape } from '../layout';

export abstract class NirLayer extends Module {
  /**
   * Shape of its input without time and batch, where its parameters tell: zeros of it stand for a value not yet there.
   */
  get restShape(): readonly number[] | undefined {
    return undefined;
  }

  /** A trained tensor. Files keep it in PyTorch's layout. */
  protected trained(name: string, { data, shape }: ArrayWithShape, layout: StateLayout = 'plain'): Tensor {
    return this.parameter(name, tensor(data, shape), layout);
  }

  /** Numbers that are kept as they are. */
  protected constant(name: string, { data, shape }: ArrayWithShape): Tensor {
    return this.buffer(name, tensor(data, shape));
  }
}
