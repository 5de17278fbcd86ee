// Checked options of public functions. Known to every folder, and knows none.

export * from './kinds';
export { nearest, suggestion, translated } from './nearest';
export { shown } from './show';
export {
  checkKind,
  type Filled,
  type Option,
  type OptionsOf,
  OptionTable,
  option,
  optional,
  optionTable,
  required,
  takesNoMore,
} from './table';
