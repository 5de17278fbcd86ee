// The numbers by which TypeScript names an operator of one or two numbers. One place for both languages.

export const ADD: i32 = 0;
export const SUBTRACT: i32 = 1;
export const MULTIPLY: i32 = 2;
export const DIVIDE: i32 = 3;
export const MAXIMUM: i32 = 5;
export const MINIMUM: i32 = 6;
export const EQUAL: i32 = 7;
export const NOT_EQUAL: i32 = 8;
export const LESS: i32 = 9;
export const LESS_EQUAL: i32 = 10;
export const GREATER: i32 = 11;
export const GREATER_EQUAL: i32 = 12;

export const NEGATE: i32 = 0;
export const EXP: i32 = 1;
export const SQRT: i32 = 3;
export const TANH: i32 = 4;
export const SIGMOID: i32 = 5;
export const RELU: i32 = 6;
export const ABS: i32 = 7;
export const SIGN: i32 = 8;
export const CLAMP: i32 = 10;
