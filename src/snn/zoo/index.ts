// Neurons that are equations, each in a file of a few lines.

export { type AlifOptions, alif } from './alif';
export { type LiOptions, li } from './li';
export { type PlifOptions, plif } from './plif';
