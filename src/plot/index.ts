// Figures as SVG text and a report around them.

export { type BarChartOptions, type BarGroup, barChart } from './bar-chart';
export { type HeatmapOptions, heatmap } from './heatmap';
export { type Distribution, type HistogramChartOptions, histogramChart } from './histogram-chart';
export { type LineChartOptions, type LineSeries, lineChart } from './line-chart';
export {
  htmlReport,
  type ReportFigure,
  type ReportOptions,
  type ReportSection,
  type ReportTable,
} from './report';
