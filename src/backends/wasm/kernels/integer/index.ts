// The module of inference in integers, apart from the others: it has no relaxed instruction, so one serves all engines,
// and it is loaded when a network is compiled. All that is exported begins with `integer`; row functions are, since one
// that is stays a function.

export { integerAny, integerGate, integerPack } from "./bits";
export { firePixels as integerFirePixels, integerAdd, integerFire, integerWindows } from "./currents";
export { fireRow as integerFireRow } from "./fire";
export { integerLayer, integerPicked, prepare as integerPrepare, sums as integerSums } from "./layer";
export { integerCount, integerPad, integerProducts, integerRound, productRow as integerProductRow, roundRow as integerRoundRow } from "./numbers";
export { byBytes as integerByBytes, byHalves as integerByHalves } from "./picked";
export { byList as integerByList, byListTwo as integerByListTwo, makeList as integerMakeList } from "./rows";
export { byTables as integerByTables, byTablesTwo as integerByTablesTwo } from "./rows";
