// Inputs that break careless chart code: words that look like markup, numbers that SVG cannot hold.

import fc from 'fast-check';

export const hostileText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "' onload='alert(1)",
    ']]></style><b>',
    '<!-- & -->',
    '&lt;b&gt;',
    '\u0000\ud800\uffff',
    '',
  ),
);

export const hostileNumber = fc.oneof(
  fc.double(),
  fc.integer({ min: -5, max: 5 }),
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e308, -1e308, 5e-324, -0),
);

export const hostileNumbers = fc.array(hostileNumber, { maxLength: 12 });
