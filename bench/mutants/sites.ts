// Every place where a file can be mutated, found in TypeScript's own tree. The types decide where a change would be
// refused by the compiler: a `+` of texts stays, and only arguments of one type are swapped. Texts are not mutated,
// nor what builds the message of an error.

import ts from 'typescript';
import type { Kind, Mutant } from './mutant';

const { SyntaxKind } = ts;

const OPERATORS: ReadonlyMap<ts.SyntaxKind, readonly (readonly [Kind, string])[]> = new Map([
  [SyntaxKind.PlusToken, [['arithmetic', '-']]],
  [SyntaxKind.MinusToken, [['arithmetic', '+']]],
  [SyntaxKind.AsteriskToken, [['arithmetic', '/']]],
  [SyntaxKind.SlashToken, [['arithmetic', '*']]],
  [SyntaxKind.PercentToken, [['arithmetic', '*']]],
  [SyntaxKind.AsteriskAsteriskToken, [['arithmetic', '*']]],
  [SyntaxKind.PlusEqualsToken, [['arithmetic', '-=']]],
  [SyntaxKind.MinusEqualsToken, [['arithmetic', '+=']]],
  [SyntaxKind.AsteriskEqualsToken, [['arithmetic', '/=']]],
  [SyntaxKind.SlashEqualsToken, [['arithmetic', '*=']]],
  [SyntaxKind.EqualsEqualsEqualsToken, [['comparison', '!==']]],
  [SyntaxKind.ExclamationEqualsEqualsToken, [['comparison', '===']]],
  [
    SyntaxKind.LessThanToken,
    [
      ['comparison', '>='],
      ['boundary', '<='],
    ],
  ],
  [
    SyntaxKind.LessThanEqualsToken,
    [
      ['comparison', '>'],
      ['boundary', '<'],
    ],
  ],
  [
    SyntaxKind.GreaterThanToken,
    [
      ['comparison', '<='],
      ['boundary', '>='],
    ],
  ],
  [
    SyntaxKind.GreaterThanEqualsToken,
    [
      ['comparison', '<'],
      ['boundary', '>'],
    ],
  ],
  [SyntaxKind.AmpersandAmpersandToken, [['boolean', '||']]],
  [SyntaxKind.BarBarToken, [['boolean', '&&']]],
] as const);

/** All mutants of a file, in the order of its text. */
export function mutantsOf(
  room: string,
  file: string,
  source: ts.SourceFile,
  checker: ts.TypeChecker,
): Mutant[] {
  const found: Mutant[] = [];
  const add = (kind: Kind, changed: Span, replacement: string, reached: ts.Node, statement = false) => {
    const { line, character } = source.getLineAndCharacterOfPosition(changed.start);
    const was = source.text.slice(changed.start, changed.end);
    found.push({
      key: `${file}:${line + 1}:${character + 1} ${brief(was)} -> ${brief(replacement)}`,
      room,
      file,
      kind,
      line: line + 1,
      text: source.text.split('\n')[line]!.trim(),
      start: changed.start,
      end: changed.end,
      replacement,
      reached: { ...spanOf(reached), statement },
    });
  };
  const spanOf = (node: ts.Node): Span => ({ start: node.getStart(source), end: node.getEnd() });
  const isNumber = (node: ts.Node) => (checker.getTypeAtLocation(node).flags & ts.TypeFlags.NumberLike) !== 0;

  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node) || ts.isImportDeclaration(node) || isMessage(node)) return;
    if (ts.isBinaryExpression(node)) binary(node);
    else if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) unary(node);
    else if (ts.isIfStatement(node)) condition(node.expression, true);
    else if (ts.isWhileStatement(node)) condition(node.expression, false);
    else if (ts.isConditionalExpression(node)) condition(node.condition, true);
    else if (ts.isNumericLiteral(node)) number(node);
    else if (node.kind === SyntaxKind.TrueKeyword) add('constant', spanOf(node), 'false', node);
    else if (node.kind === SyntaxKind.FalseKeyword) add('constant', spanOf(node), 'true', node);
    else if (ts.isCallExpression(node) || ts.isNewExpression(node)) swapped(node.arguments ?? []);
    else if (removable(node)) add('statement', spanOf(node), ';', node, true);
    ts.forEachChild(node, visit);
  };

  function binary(node: ts.BinaryExpression): void {
    if (node.operatorToken.kind === SyntaxKind.QuestionQuestionToken)
      add('boolean', spanOf(node), `(${node.right.getText(source)})`, node);
    for (const [kind, operator] of OPERATORS.get(node.operatorToken.kind) ?? []) {
      if (kind === 'arithmetic' && !(isNumber(node.left) && isNumber(node.right))) continue;
      add(kind, spanOf(node.operatorToken), operator, node);
    }
  }

  function unary(node: ts.PrefixUnaryExpression | ts.PostfixUnaryExpression): void {
    const sign = node.operator;
    const rest = `(${node.operand.getText(source)})`;
    if (sign === SyntaxKind.ExclamationToken) add('boolean', spanOf(node), rest, node);
    if (sign === SyntaxKind.MinusToken) add('arithmetic', spanOf(node), rest, node);
    if (sign !== SyntaxKind.PlusPlusToken && sign !== SyntaxKind.MinusMinusToken) return;
    const text = node.getText(source);
    const other = sign === SyntaxKind.PlusPlusToken ? text.replace('++', '--') : text.replace('--', '++');
    add('arithmetic', spanOf(node), other, node);
  }

  function condition(test: ts.Expression, mayBeTrue: boolean): void {
    add('condition', spanOf(test), 'false', test);
    if (mayBeTrue) add('condition', spanOf(test), 'true', test);
  }

  function number(node: ts.NumericLiteral): void {
    if (ts.isPropertyAssignment(node.parent) && node.parent.name === node) return;
    add('constant', spanOf(node), node.text === '1' ? '0' : `${Number(node.text) + 1}`, node);
  }

  function swapped(given: readonly ts.Expression[]): void {
    for (const [i, first] of given.slice(0, -1).entries()) {
      const second = given[i + 1]!;
      if (ts.isSpreadElement(first) || ts.isSpreadElement(second)) continue;
      const [a, b] = [first, second].map((argument) =>
        checker.getBaseTypeOfLiteralType(checker.getTypeAtLocation(argument)),
      );
      if (!checker.isTypeAssignableTo(a!, b!) || !checker.isTypeAssignableTo(b!, a!)) continue;
      if (((a!.flags | b!.flags) & ts.TypeFlags.StringLike) !== 0) continue;
      const [left, right] = [first.getText(source), second.getText(source)];
      if (left === right) continue;
      const span = { start: first.getStart(source), end: second.getEnd() };
      add('arguments', span, `${right}, ${left}`, first);
    }
  }

  visit(source);
  return found;
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** A statement that the others can do without, as far as the compiler can tell. */
function removable(node: ts.Node): boolean {
  if (ts.isExpressionStatement(node)) {
    const { expression } = node;
    return !(ts.isCallExpression(expression) && expression.expression.kind === SyntaxKind.SuperKeyword);
  }
  if (ts.isReturnStatement(node)) return node.expression === undefined;
  return ts.isThrowStatement(node) || ts.isContinueStatement(node) || ts.isBreakStatement(node);
}

/** An argument of an error, or the message of a check. */
function isMessage(node: ts.Node): boolean {
  const call = node.parent;
  if (call !== undefined && ts.isNewExpression(call) && call.expression !== node)
    return /Error$/.test(call.expression.getText());
  if (call === undefined || !ts.isCallExpression(call) || call.expression.getText() !== 'check') return false;
  return call.arguments.indexOf(node as ts.Expression) > 0;
}

function brief(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 60 ? `${line.slice(0, 57)}...` : line;
}
