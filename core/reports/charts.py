"""Native charts of a workbook."""

from dataclasses import dataclass

from openpyxl.chart import BarChart, Reference
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.marker import DataPoint
from openpyxl.worksheet.worksheet import Worksheet

from core.model.run_report import Tone

BAR_COLOURS: dict[Tone, str] = {"good": "2E7D57", "bad": "B93A30", "open": "C08A1E"}


@dataclass(frozen=True, slots=True)
class Bars:
    """A native chart over columns of its sheet: the first column names the bars. A colour for each bar or stack."""

    title: str
    columns: tuple[int, int]
    rows: tuple[int, int]
    at: str
    stacked: bool = False
    colours: tuple[str, ...] = ()
    counts: str = "Hosts"


def chart_of(sheet: Worksheet, bars: Bars) -> BarChart:
    chart = BarChart()
    chart.type = "col" if bars.stacked else "bar"
    chart.title = bars.title
    chart.style = 10
    if bars.stacked:
        chart.grouping, chart.overlap = "stacked", 100
    else:
        chart.legend = None
        chart.gapWidth = 60
        # The first row on top, as in the table.
        chart.x_axis.scaling.orientation, chart.y_axis.crosses = "maxMin", "max"
    (first, last), (top, bottom) = bars.columns, bars.rows
    data_top = top - 1
    chart.add_data(Reference(sheet, first + 1, data_top, last, bottom), titles_from_data=True)
    chart.set_categories(Reference(sheet, first, top, first, bottom))
    for place, colour in enumerate(bars.colours):
        if bars.stacked:
            chart.series[place].graphicalProperties.solidFill = colour
        else:
            point = DataPoint(idx=place)
            point.graphicalProperties.solidFill = colour
            chart.series[0].dPt.append(point)
    if not bars.stacked:
        chart.dataLabels = _number_labels()
    chart.x_axis.delete = False
    chart.y_axis.delete = False
    chart.y_axis.title = bars.counts
    chart.y_axis.numFmt = "0"
    chart.y_axis.scaling.min = 0
    chart.y_axis.majorGridlines = None
    chart.height, chart.width = 8, 17
    return chart


def _number_labels() -> DataLabelList:
    labels = DataLabelList()
    labels.showVal = True
    labels.showSerName = labels.showCatName = labels.showLegendKey = labels.showPercent = False
    return labels
