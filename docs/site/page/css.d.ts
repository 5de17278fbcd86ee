// Style sheets are texts: esbuild's loader makes them so.

declare module '*.css' {
  const text: string;
  export default text;
}
