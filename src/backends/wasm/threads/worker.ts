// A worker thread: waits for a phase, takes its share, says that it is through. Bundled into a string by
// ../compile.mjs, so it imports little.

import { nodeModule } from '../../../node-module';
import { importsOf, Kernels } from './kernels';
import {
  CONTROL,
  CONTROL_ADDRESS,
  CONTROL_WORDS,
  PROFILE_ADDRESS,
  PROFILE_KERNELS,
  PROFILE_THREADS,
  PROGRAM_ADDRESS,
  PROGRAM_DOUBLES,
  read,
  recordWords,
  runPhase,
} from './program';

/** What a worker is told once. */
export interface Assignment {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly thread: number;
  readonly threads: number;
}

interface Port {
  postMessage(message: unknown): void;
}

function serve({ module, memory, thread, threads }: Assignment, port: Port): void {
  const kernels = new Kernels(memory, new WebAssembly.Instance(module, importsOf(memory)));
  const control = new Int32Array(memory.buffer, CONTROL_ADDRESS, CONTROL_WORDS);
  const profile = new Float64Array(memory.buffer, PROFILE_ADDRESS, 2 * PROFILE_KERNELS * PROFILE_THREADS);
  const program = new Float64Array(memory.buffer, PROGRAM_ADDRESS, PROGRAM_DOUBLES);
  const record = recordWords(memory, thread);
  let seen = Atomics.load(control, CONTROL.sequence);
  port.postMessage('ready');
  for (;;) {
    // phases follow each other closely: look for the next one a while before going to sleep
    let now = Atomics.load(control, CONTROL.sequence); // where nobody spins, the one look there is
    for (let i = control[CONTROL.spin]!; i > 0 && now === seen; i--)
      now = Atomics.load(control, CONTROL.sequence);
    if (now === seen) {
      Atomics.wait(control, CONTROL.sequence, seen);
      continue;
    }
    if (now < 0) return;
    seen = now;
    try {
      kernels.update();
      runPhase(read(program), kernels, control, profile, record, thread, threads);
    } catch (error) {
      Atomics.store(control, CONTROL.failed, 1);
      port.postMessage(String(error));
    }
    Atomics.add(control, CONTROL.done, 1);
    Atomics.notify(control, CONTROL.done);
  }
}

const node = nodeModule<{ parentPort: Port; workerData: Assignment }>('worker_threads');
if (node !== undefined) {
  serve(node.workerData, node.parentPort);
} else {
  const self = globalThis as unknown as Port & { onmessage: (event: { data: Assignment }) => void };
  self.onmessage = ({ data }) => serve(data, self);
}
