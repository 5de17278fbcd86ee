// How an operator is made: run a kernel, wrap its result, put it on the tape. `customOp` is the same for users.

import type { Backend, Handle } from '../backends/backend';
import { aShape, formatShape, type Shape, sizeOf } from '../backends/shape';
import { type Gradient, noGrad, record } from '../core/tape';
import { adviceForTensor, checkTensor, fromHandle, Tensor, type TensorLike } from '../core/tensor';
import { check, SpikegradError } from '../errors';
import { anObject, callback, checkKind, kind, shown, text } from '../options';

/** The backend of several operands. @throws when one is no tensor, or they live on different ones */
export function commonBackend(where: string, operands: readonly Tensor[]): Backend {
  for (const operand of operands) checkTensor(where, operand, 'each operand');
  const backend = operands[0]!.backend;
  for (const operand of operands) {
    check(
      operand.backend === backend,
      where,
      () =>
        `operands live on different backends (${backend.name} ${backend.precision} and ${operand.backend.name} ${operand.backend.precision})`,
    );
  }
  return backend;
}

const tensorOrNumber = kind<TensorLike>('a Tensor or a number', () => false, adviceForTensor);

/** Numbers become scalar tensors beside the first real tensor. */
export function asTensors(
  where: string,
  operands: readonly TensorLike[],
): { backend: Backend; tensors: Tensor[] } {
  for (const operand of operands)
    if (!(operand instanceof Tensor) && typeof operand !== 'number')
      checkKind(where, 'each operand', tensorOrNumber, operand);
  const found = operands.filter((operand) => operand instanceof Tensor);
  check(found.length > 0, where, 'expects at least one tensor');
  const backend = commonBackend(where, found);
  const tensors = operands.map((operand) =>
    operand instanceof Tensor ? operand : fromHandle(backend, backend.full(1, operand), []),
  );
  return { backend, tensors };
}

/** The recipe of an operator with one output. */
export interface Operation {
  readonly name: string;
  readonly inputs: readonly Tensor[];
  readonly handle: Handle;
  readonly shape: Shape;
  /** What backward wants to find again. `'output'` stands for the result itself. */
  readonly saved?: readonly (Tensor | 'output')[];
  /** Gradients of the inputs from that of the output; those with `needs[i]` false may be null. */
  readonly backward: (
    gradient: Tensor,
    saved: readonly Tensor[],
    needs: readonly boolean[],
  ) => readonly Gradient[];
}

/** Wraps a kernel's result as a tensor and records it. */
export function operation({ name, inputs, handle, shape, saved = [], backward }: Operation): Tensor {
  const output = fromHandle(inputs[0]!.backend, handle, shape);
  record(
    name,
    inputs,
    [output],
    saved.map((item) => (item === 'output' ? output : item)),
    ([gradient], kept, needs) => backward(gradient!, kept, needs),
  );
  return output;
}

/** What a custom operator's two halves share. */
export interface OperatorContext {
  /**
   * Keeps tensors for backward; they stay valid even if their makers dispose of them. Forward calls it at most once.
   */
  save(...tensors: Tensor[]): void;
  /** What forward saved. */
  readonly saved: readonly Tensor[];
  /** For each tensor among the arguments: whether it wants a gradient (all true during forward). */
  readonly needs: readonly boolean[];
}

/** An operator and its derivative, for {@link customOp}. */
export interface CustomOperator<Arguments extends readonly unknown[]> {
  /** Appears in error messages. */
  readonly name: string;
  /** Computes the result from the arguments; nothing in here is recorded. */
  forward(context: OperatorContext, ...inputs: Arguments): Tensor;
  /** The gradient of each TENSOR argument in order, from that of the result; null for none. */
  backward(context: OperatorContext, gradient: Tensor): readonly Gradient[];
}

/**
 * An operator with a derivative of your own: a surrogate gradient, a straight-through estimator, a fused step.
 *
 * ```ts
 * const step = customOp({
 *   name: 'step',
 *   forward(ctx, x: Tensor) { ctx.save(x); return greaterEqual(x, 0); },
 *   backward(ctx, g) { return [mul(g, less(abs(ctx.saved[0]!), 0.5))]; },
 * });
 * const spikes = step(sub(membrane, 0.5));
 * ```
 */
export function customOp<Arguments extends readonly unknown[]>(
  definition: CustomOperator<Arguments>,
): (...inputs: Arguments) => Tensor {
  checkKind('customOp', 'definition', anObject, definition);
  const { name } = definition;
  checkKind('customOp', 'name', text, name);
  checkKind('customOp', 'forward', callback('a function (context, ...inputs)'), definition.forward);
  checkKind('customOp', 'backward', callback('a function (context, gradient)'), definition.backward);
  return (...inputs) => {
    const tensors = inputs.filter((input): input is Tensor => input instanceof Tensor);
    check(tensors.length > 0, name, 'expects at least one tensor argument');
    let saved: readonly Tensor[] = [];
    const result = noGrad(() =>
      definition.forward(
        {
          save(...list) {
            check(saved.length === 0, name, 'save() may be called once; give it all tensors together');
            for (const tensor of list) checkTensor(name, tensor, 'each tensor to save');
            saved = list;
          },
          get saved() {
            return saved;
          },
          needs: tensors.map(() => true),
        },
        ...inputs,
      ),
    );
    checkResult(name, result, tensors);
    // an input handed through unchanged must not become its own descendant
    const output = inputs.includes(result) ? result.alias() : result;
    record(name, tensors, [output], saved, ([gradient], kept, needs) => {
      const save = () => {
        throw new SpikegradError(name, 'save() belongs into forward');
      };
      const gradients = definition.backward({ save, saved: kept, needs }, gradient!);
      checkGradients(name, gradients, tensors.length, gradient!.backend);
      return gradients;
    });
    return output;
  };
}

/** What forward gave: a tensor that is alive, on its operands' backend. */
function checkResult(name: string, result: unknown, operands: readonly Tensor[]): asserts result is Tensor {
  check(
    result instanceof Tensor,
    name,
    () => `forward must return a tensor, got ${shown(result)}${adviceFor(result)}`,
  );
  check(
    !result.disposed,
    name,
    () =>
      `forward returned a ${formatShape(result.shape)} tensor that was disposed of: return it from its scope()`,
  );
  checkHeld(name, 'forward returned a tensor', result);
  const backend = commonBackend(name, operands);
  check(
    result.backend === backend,
    name,
    () => `forward returned a tensor on ${result.backend.name}, its arguments are on ${backend.name}`,
  );
}

/** A shape that was written over does not say what the tensor holds. */
function checkHeld(name: string, what: string, tensor: Tensor): void {
  const { size } = tensor.handle;
  check(
    aShape.holds(tensor.shape) && sizeOf(tensor.shape) === size,
    name,
    () => `${what} of shape ${shown(tensor.shape)} that holds ${size} numbers`,
  );
}

const adviceFor = (value: unknown) =>
  value instanceof Promise ? '; forward is synchronous' : Array.isArray(value) ? '; return one tensor' : '';

/** What backward gave: a gradient that is alive, or null, for each operand. */
function checkGradients(name: string, gradients: unknown, operands: number, backend: Backend): void {
  const wanted = `backward must return a list of ${operands} gradients (null for none)`;
  check(Array.isArray(gradients), name, () => `${wanted}, got ${shown(gradients)}`);
  for (const [i, gradient] of (gradients as readonly unknown[]).entries()) {
    if (gradient === null || gradient === undefined) continue;
    check(
      gradient instanceof Tensor,
      name,
      () => `${wanted}, got ${shown(gradient)} for input ${i}${adviceFor(gradient)}`,
    );
    check(
      !gradient.disposed,
      name,
      () => `backward gave a gradient for input ${i} that was disposed of: return it from its scope()`,
    );
    checkHeld(name, `backward gave a gradient for input ${i}`, gradient);
    check(
      gradient.backend === backend,
      name,
      () => `backward gave a gradient for input ${i} on another backend (${gradient.backend.name})`,
    );
  }
}
