// Figures as SVG text and a report around them.

export type { Band } from './bands';
export { type BarChartOptions, type BarGroup, barChart } from './charts/bar';
export { type HeatmapOptions, heatmap } from './charts/heatmap';
export { type Distribution, type HistogramChartOptions, histogramChart } from './charts/histogram';
export { type LineChartOptions, type LineSeries, lineChart } from './charts/line';
export { type RasterChartOptions, rasterChart } from './charts/raster';
export type { RecordedNeurons } from './charts/recording';
export { type Trace, type TraceChartOptions, traceChart } from './charts/trace';
export type { Guide } from './guides';
export { type PanelsOptions, panels } from './panels';
export {
  htmlReport,
  type ReportFigure,
  type ReportOptions,
  type ReportSection,
  type ReportTable,
} from './report';
