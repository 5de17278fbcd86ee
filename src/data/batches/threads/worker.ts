// A worker that makes batches: takes one after another and gives back its numbers, or why it could not. Bundled into a
// text by bundle.mjs.

import { SpikegradError } from '../../../errors';
import { nodeModule } from '../../../node-module';
import { imagesOfJob, type Job } from '../job';

/** What a worker is asked. */
export interface Question {
  readonly id: number;
  readonly job: Job;
}

/** What it answers; `ready` once, before all else. */
export type Answer =
  | { readonly id: 'ready' }
  | { readonly id: number; readonly images: Float32Array<ArrayBuffer> }
  | { readonly id: number; readonly where: string; readonly problem: string };

interface AnswerPort {
  postMessage(message: Answer, transfer?: readonly ArrayBuffer[]): void;
}

async function serve({ id, job }: Question, port: AnswerPort): Promise<void> {
  try {
    const images = await imagesOfJob(job);
    port.postMessage({ id, images }, [images.buffer]);
  } catch (error) {
    const { where, problem } =
      error instanceof SpikegradError ? error : { where: 'batches', problem: String(error) };
    port.postMessage({ id, where, problem });
  }
}

type NodeAnswerPort = AnswerPort & { on(event: 'message', listener: (question: Question) => void): void };
const parentPort = nodeModule<{ parentPort: NodeAnswerPort | null }>('worker_threads')?.parentPort;
if (parentPort != null) {
  parentPort.on('message', (question) => void serve(question, parentPort));
  parentPort.postMessage({ id: 'ready' });
} else {
  const self = globalThis as unknown as AnswerPort & { onmessage: (event: { data: Question }) => void };
  self.onmessage = ({ data }) => void serve(data, self);
  self.postMessage({ id: 'ready' });
}
