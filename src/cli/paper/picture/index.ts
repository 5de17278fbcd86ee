// Figures as files: the SVG, and on request a PNG beside it. The PNG is drawn in the light colours by an optional
// package, which is loaded only then.

import { resolve } from 'node:path';
import { InvalidArgumentError, Option } from 'commander';
import { SpikegradError } from '../../../errors';
import { afterFailedImport } from '../../../optional-package';
import { writeFile } from '../../files';
import { markedPng } from './png-mark';

export interface PictureOptions {
  out: string;
  png?: boolean;
}

/** Pixels of a PNG for each px of the SVG. */
const ZOOM = 2;

const PACKAGE = '@resvg/resvg-js';

/** --out and --png. */
export function pictureOptions(name: string): Option[] {
  return [
    new Option('--out <file>', 'where to write the picture').argParser(svgName).default(name),
    new Option('--png', `write a PNG beside it too (needs \`npm i ${PACKAGE}\`)`),
  ];
}

function svgName(text: string): string {
  if (!/[^/\\]\.svg$/.test(text)) throw new InvalidArgumentError('Expected a name that ends in .svg.');
  return text;
}

/** From SVG text to the bytes of a PNG. */
export type Renderer = (svg: string) => Uint8Array;

async function resvg(): Promise<typeof import('@resvg/resvg-js')> {
  try {
    return await import('@resvg/resvg-js');
  } catch (error) {
    const missing = `--png: needs the package ${PACKAGE}: run \`npm i ${PACKAGE}\`, or leave --png out`;
    return afterFailedImport('paper', PACKAGE, missing, error);
  }
}

/**
 * Loads what draws PNGs. Ask for it before long work, so that a lack is told at once.
 * @throws when the package is not installed, or the machine has no font to write with
 */
export async function pngRenderer(): Promise<Renderer> {
  const { Resvg } = await resvg();
  const word =
    '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="20"><text y="15">Spike</text></svg>';
  if (new Resvg(word).getBBox() === undefined) {
    throw new SpikegradError(
      'paper',
      '--png: found no font on this machine, so the text would be missing: install one (such as fonts-dejavu-core), or leave --png out; the SVG needs none',
    );
  }
  return (svg) => new Resvg(svg, { fitTo: { mode: 'zoom', value: ZOOM } }).render().asPng();
}

/** The file beside a picture that has its name and another ending. */
export function beside(out: string, ending: string): string {
  return resolve(out.replace(/\.svg$/, ending));
}

/** All files of a picture. @param html whether a page comes with it */
export function pictureFiles({ out, png }: PictureOptions, html = false): string[] {
  return [resolve(out), ...(png ? [beside(out, '.png')] : []), ...(html ? [beside(out, '.html')] : [])];
}

/** @returns the paths of what was written */
export async function writePicture(
  svg: string,
  out: string,
  render: Renderer | undefined,
): Promise<string[]> {
  const written = [await writeFile(out, `${svg}\n`)];
  if (render !== undefined) written.push(await writeFile(beside(out, '.png'), markedPng(render(svg))));
  return written;
}
