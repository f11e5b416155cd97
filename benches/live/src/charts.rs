//! Charts as SVG.

use std::path::Path;

use anyhow::{Result, anyhow};
use plotters::prelude::*;
use serde::{Deserialize, Serialize};

/// A chart of lines.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Chart {
    pub(crate) file: String,
    pub(crate) title: String,
    /// The name of the axis, as that of the other.
    pub(crate) x: String,
    pub(crate) y: String,
    pub(crate) lines: Vec<Line>,
}

/// A line, with its name for the legend.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Line {
    pub(crate) label: String,
    pub(crate) points: Vec<(f64, f64)>,
}

impl Chart {
    /// Draws the chart into its file in a folder. The axis of the values begins at 0.
    pub(crate) fn draw(&self, folder: &Path) -> Result<()> {
        let path = folder.join(&self.file);
        self.draw_into(&path).map_err(|error| anyhow!("cannot draw {}: {error}", path.display()))
    }

    fn draw_into(&self, path: &Path) -> Result<(), Box<dyn std::error::Error + '_>> {
        let points = || self.lines.iter().flat_map(|line| &line.points);
        let right = points().map(|point| point.0).fold(1.0, f64::max);
        let top = points().map(|point| point.1).fold(0.0, f64::max) * 1.2;

        let area = SVGBackend::new(path, (640, 360)).into_drawing_area();
        area.fill(&WHITE)?;
        let mut chart = ChartBuilder::on(&area)
            .caption(&self.title, ("sans-serif", 18))
            .margin(12)
            .x_label_area_size(40)
            .y_label_area_size(50)
            .build_cartesian_2d(0.0..right * 1.05, 0.0..top)?;
        chart
            .configure_mesh()
            .x_label_formatter(&|x| format!("{x:.0}"))
            .x_desc(&self.x)
            .y_desc(&self.y)
            .light_line_style(WHITE)
            .draw()?;
        for (number, line) in self.lines.iter().enumerate() {
            let color = Palette99::pick(number).to_rgba();
            let points = line.points.iter().copied();
            chart
                .draw_series(LineSeries::new(points, color.stroke_width(2)).point_size(4))?
                .label(&line.label)
                .legend(move |(x, y)| PathElement::new([(x, y), (x + 16, y)], color.stroke_width(2)));
        }
        chart.configure_series_labels().border_style(BLACK).background_style(WHITE).draw()?;
        area.present()?;
        Ok(())
    }
}
