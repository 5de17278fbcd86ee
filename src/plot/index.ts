// Figures as SVG text and a report around them.

export type { Band } from './bands';
export { type BarChartOptions, type BarGroup, barChart } from './bar-chart';
export type { Guide } from './guides';
export { type HeatmapOptions, heatmap } from './heatmap';
export { type Distribution, type HistogramChartOptions, histogramChart } from './histogram-chart';
export { type LineChartOptions, type LineSeries, lineChart } from './line-chart';
export { type PanelsOptions, panels } from './panels';
export { type RasterChartOptions, rasterChart } from './raster-chart';
export type { RecordedNeurons } from './recording';
export {
  htmlReport,
  type ReportFigure,
  type ReportOptions,
  type ReportSection,
  type ReportTable,
} from './report';
export { type Trace, type TraceChartOptions, traceChart } from './trace-chart';
