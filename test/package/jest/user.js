// What a user's test file may do, for jest.test.ts: CommonJS under Jest, with threads and an optional package.

const { crossEntropy, Direct, init, Lif, Linear, memory, scope, sequential, Sgd, tensor, TimeMean } =
  require('spikegrad');
const { fromNir, readNir, toNir, writeNir } = require('spikegrad/nir');

let backend;
beforeAll(async () => {
  backend = await init({ threads: 2 });
});
afterAll(() => backend.close());

const network = () =>
  sequential(new Linear(3, 8), new Direct(4), new Lif(), new Linear(8, 2), new TimeMean());

test('computes on the fast backend, with threads', () => {
  expect([backend.name, backend.threads]).toEqual(['wasm', 2]);
});

test('trains a step', async () => {
  const net = network();
  const sgd = new Sgd(net.parameters(), { lr: 0.1 });
  const x = tensor([
    [0.2, 0.9, 0.4],
    [1, 0.1, 0.7],
  ]);
  const lossOf = () => crossEntropy(net.call(x), [0, 1]);
  const before = await lossOf().item();
  scope(() => lossOf().backward());
  sgd.step();
  expect(await lossOf().item()).toBeLessThan(before);
  net.dispose();
  expect(memory().tensors).toBeGreaterThan(0);
});

test('writes and reads a NIR graph with h5wasm', async () => {
  const net = sequential(new Linear(3, 2), new Lif());
  const bytes = await writeNir(await toNir(net, { inputShape: [3] }));
  const again = fromNir(await readNir(bytes));
  const x = tensor([[[0.2, 0.9, 0.4]]]);
  expect(Array.from(await again.call(x).data())).toEqual(Array.from(await net.call(x).data()));
});
