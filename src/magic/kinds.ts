// The kinds of files that people bring: what each is called, and the way from it to what a reader wanted. Words only;
// by which bytes they are known stands in marks.ts and look.ts.

/** What a reader reads, as it is called in messages. */
export const WANTED = {
  safetensors: 'a safetensors file',
  nir: 'a NIR graph',
  cifar10: 'a file of CIFAR-10 records',
  cifar100: 'a file of CIFAR-100 records',
  idx: 'an idx file',
  aedat: 'a recording of events in AEDAT',
  nmnist: 'a recording of events as N-MNIST has them',
  pytorch: 'a PyTorch file of weights',
  npy: 'a NumPy array',
  npz: 'an archive of NumPy arrays',
  parquet: 'a Parquet table of pictures',
  dat: 'a recording of events (.dat)',
  hdf5Events: 'an HDF5 file of events',
} as const;

export type Wanted = keyof typeof WANTED;

/** Where to get what was wanted, for whoever has a file from which there is no way to it. */
export const SOURCES: { readonly [W in Wanted]: string } = {
  safetensors: "a run's folder holds one, model.safetensors",
  nir: '`spikegrad export --nir` and nir.write in Python make one',
  cifar10: '`spikegrad data download cifar10` fetches such files',
  cifar100: '`spikegrad data download cifar100` fetches such files',
  idx: '`spikegrad data download mnist` fetches such files',
  aedat: 'its first line would begin with #!AER-DAT',
  nmnist: 'its events would be of five bytes each',
  pytorch: "in Python, torch.save(model.state_dict(), 'model.pth') writes one",
  npy: "in Python, numpy.save('x.npy', array) writes one",
  npz: "in Python, numpy.savez('x.npz', name=array) writes one",
  parquet: 'data sets of Hugging Face come so',
  dat: 'its first lines would begin with %',
  hdf5Events: 'SHD, SSC and events by group are such files',
};

/** What may be told of a kind. */
export interface KindInWords {
  /** Behind "this is". */
  readonly is: string;
  /** What to do about it, whatever was wanted. */
  readonly way?: string;
  /** What to do where weights were wanted, a graph, images, or events. */
  readonly ways?: { readonly [W in Wanted]?: string };
}

const SAVE = "safetensors.torch.save_file(model.state_dict(), 'model.safetensors')";
const PYTORCH =
  `save its tensors in Python: ${SAVE}; where there is no model to make, ` +
  "state = torch.load(file, map_location='cpu'), of Lightning state['state_dict'], stands for model.state_dict()";
const NIR_WRITE = "in Python, nir.write('network.nir', graph) writes one";
const BINARY = 'the binary version is needed: `spikegrad data download cifar10` (or cifar100) fetches it';
const FOLDERS = 'loadDataset reads folders of pictures that are named as their classes';
const PICTURES = { cifar10: FOLDERS, cifar100: FOLDERS };
const UNPACK = 'unpack it and give the file that is in it';

export const KINDS = {
  empty: { is: 'an empty file', way: 'its writing or its download did not end' },
  zeros: { is: 'a file of zeros', way: 'its download did not end: fetch it again' },
  lfs: { is: 'a pointer of Git LFS to a file', way: '`git lfs pull` fetches the file itself' },
  annex: { is: 'a pointer of git-annex to a file', way: '`git annex get` fetches the file itself' },
  html: { is: 'a web page', way: 'a download gave it in place of the file: fetch that again' },
  xml: { is: 'XML text', way: 'a download may have given it in place of the file' },
  svg: { is: 'an SVG picture' },
  index: {
    is: 'the index of a checkpoint in several safetensors files',
    way: 'read the files that it names and join their tensors',
  },
  notebook: { is: 'a Jupyter notebook' },
  json: { is: 'JSON text' },
  text: { is: 'text' },
  pytorch: {
    is: 'a PyTorch file (.pt, .pth, .ckpt)',
    ways: { safetensors: 'readPyTorch reads it, as do load and the commands', nir: NIR_WRITE },
  },
  oldPytorch: {
    is: 'a PyTorch file as versions before 1.6 wrote them',
    ways: { safetensors: PYTORCH, nir: NIR_WRITE },
  },
  cifarPython: {
    is: "a Python pickle, a file of CIFAR's Python version",
    way: 'readCifar10 and readCifar100 read it, loadDataset its folder',
  },
  pickle: {
    is: 'a Python pickle',
    way: 'it can only be opened in Python',
    ways: { safetensors: `save what it holds in Python: ${SAVE}`, cifar10: BINARY, cifar100: BINARY },
  },
  npy: {
    is: 'a NumPy array (.npy)',
    way: 'readNpy reads it',
  },
  npz: {
    is: 'NumPy arrays (.npz)',
    way: 'readNpz reads it',
    ways: { safetensors: 'readNpz reads it, as do load and the commands' },
  },
  keras: {
    is: 'a Keras model (.keras)',
    ways: { safetensors: 'save its weights in Python with safetensors.numpy.save_file' },
  },
  onnx: {
    is: 'an ONNX model',
    way: '`spikegrad inspect --onnx` tells what it says of itself; ONNX models are written here, not run',
  },
  tflite: { is: 'a TensorFlow Lite model' },
  gguf: { is: 'a GGUF model' },
  hdf5: {
    is: 'an HDF5 file',
    ways: {
      safetensors: 'a NIR graph is one: readNir reads it, and `spikegrad inspect --nir` shows it',
      aedat: 'eventRecordings reads those of events in HDF5',
      nmnist: 'eventRecordings reads those of events in HDF5',
    },
  },
  safetensors: {
    is: 'a safetensors file',
    ways: { nir: '`spikegrad export --checkpoint FILE --nir network.nir` makes a graph of a run’s model' },
  },
  idx: { is: 'an idx file, as MNIST’s are', way: 'readMnist reads two of them, loadDataset their folder' },
  aedat2: { is: 'a recording in AEDAT', way: 'readAedat reads it' },
  aedat4: {
    is: 'a recording in AEDAT 4',
    way: 'readAedat reads it',
  },
  prophesee: {
    is: 'a recording of a Prophesee or ATIS camera (.dat, .raw)',
    way: 'readDat reads a .dat; metavision_file_to_dat makes one of a .raw',
  },
  rosbag: { is: 'a bag of ROS' },
  eventStream: {
    is: 'an Event Stream file (.es)',
    way: "in Python, numpy.savez('x.npz', t=t, x=x, y=y, p=p) of its events makes a file that is read",
  },
  gzip: { is: 'packed with gzip', way: 'unpack it first (gunzip; tar xzf for a .tar.gz)' },
  bzip2: { is: 'packed with bzip2', way: UNPACK },
  xz: { is: 'packed with xz', way: UNPACK },
  zstd: { is: 'packed with zstd', way: UNPACK },
  sevenZip: { is: 'a 7z archive', way: UNPACK },
  rar: { is: 'a RAR archive', way: UNPACK },
  tar: { is: 'a tar archive', way: UNPACK },
  zip: { is: 'a zip archive', way: UNPACK },
  png: { is: 'a PNG picture', ways: PICTURES },
  jpeg: { is: 'a JPEG picture', ways: PICTURES },
  gif: { is: 'a GIF picture', ways: PICTURES },
  webp: { is: 'a WebP picture', ways: PICTURES },
  bmp: { is: 'a BMP picture', ways: PICTURES },
  tiff: { is: 'a TIFF picture', ways: PICTURES },
  wav: { is: 'a WAV recording of sound' },
  video: { is: 'a video (MP4)' },
  pdf: { is: 'a PDF' },
  matlab: { is: 'a MATLAB file (.mat)' },
  parquet: {
    is: 'a Parquet table',
    way: 'readParquetImages reads pictures in one, loadDataset the folder',
  },
  arrow: { is: 'an Arrow table' },
  sqlite: { is: 'an SQLite database' },
  wasm: { is: 'a WebAssembly module' },
  program: { is: 'a program' },
  cifar10: { is: 'a file of CIFAR-10 records', way: 'readCifar10 reads it' },
  cifar100: { is: 'a file of CIFAR-100 records', way: 'readCifar100 reads it' },
} as const satisfies Record<string, KindInWords>;

export type FileKind = keyof typeof KINDS;
