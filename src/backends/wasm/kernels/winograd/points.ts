// The points 0, ±A, ±B, ∞ of Winograd's F(4x4,3x3) and their squares, exact in f32. 5/8 and 3/2 make a third of the
// rounding error that the usual 1 and 2 make, at the same cost.

export const A: f32 = 0.625;
export const B: f32 = 1.5;
export const A2: f32 = A * A;
export const B2: f32 = B * B;
