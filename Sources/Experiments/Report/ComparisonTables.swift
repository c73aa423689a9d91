import Groundwork
import ReinforcementLearning

extension ComparisonFigures {
  /// `comparison.csv`: every number of every run, one a row, as tables of statistics programs want them.
  ///
  /// Measures are called as in `metrics.jsonl`: `evaluation/NAME` and `reward/NAME` over training, `final/NAME` of the
  /// last evaluation, and `final/failed`, 1 for a run that failed. A run that broke has only that, without a step. Runs
  /// whose reward is not the environment's have `episode/return`, too, and `final/labels` where they asked somebody.
  public var runTable: String {
    var text = "environment,arm,seed,step,measure,value\n"
    for (environment, figures) in zip(summary.environments, environments) {
      for arm in environment.arms {
        let start = "\(CSV.field(environment.id)),\(CSV.field(arm.name)),"
        for run in arm.runs {
          let place = start + "\(run.seed),"
          func add(_ step: String, _ measure: String, _ value: Double) {
            text += "\(place)\(step),\(CSV.field(measure)),\(CSV.number(value))\n"
          }
          guard run.failure == nil else {
            add("", "final/failed", 1)
            continue
          }
          for point in run.curve {
            for (measure, value) in zip(figures.measures, point.values) where value.isFinite {
              add("\(point.step)", MetricName.evaluation(measure.name).text, value)
            }
          }
          if let training = run.training {
            for (step, value) in zip(training.steps, training.environment) where value.isFinite {
              add("\(step)", MetricName.episode("return").text, value)
            }
            if let labels = training.labels { add("\(run.trainedSteps)", "final/labels", labels) }
          }
          for component in run.components {
            for (step, value) in zip(component.steps, component.values) {
              add("\(step)", MetricName.reward(component.name).text, value)
            }
          }
          for (measure, value) in zip(figures.measures, run.final) {
            add("\(run.trainedSteps)", "final/" + measure.name, value)
          }
          add("\(run.trainedSteps)", "final/failed", figures.measures[0].isFailure(run.final[0]) ? 1 : 0)
        }
      }
    }
    return text
  }

  /// `arms.csv`: what the arms came to, a row for each environment, arm and measure. What a designed reward was worth
  /// stands in each of its arm's rows; what depends on the machine, such as its cost, in none, so that the same runs
  /// give the same table wherever they were carried out.
  public var armTable: String {
    var text =
      "environment,arm,runs,failed,failed_share,missing,fewest_steps,most_steps,measure,"
      + "mean,mean_low,mean_high,iqm,iqm_low,iqm_high,worst,"
      + "correlation,correlation_low,correlation_high,over_optimised,labels,foreseen,foreseen_low,foreseen_high\n"
    for environment in environments {
      for arm in environment.arms {
        for measure in arm.measures {
          let cells =
            [
              CSV.field(environment.id), CSV.field(arm.name), "\(arm.runs)", "\(arm.failed)",
              CSV.number(arm.failedShare),
            ]
            + ["\(arm.missing)", "\(arm.fewestSteps)", "\(arm.mostSteps)", CSV.field(measure.name)]
            + CSV.cells(measure.mean) + CSV.cells(measure.interquartileMean) + [CSV.number(measure.worst)]
          text += (cells + ComparisonFigures.cells(of: arm.design)).joined(separator: ",") + "\n"
        }
      }
    }
    return text
  }

  /// The end of a row of `arms.csv`; nothing in any of them for an arm whose reward is the environment's.
  private static func cells(of design: DesignFigures?) -> [String] {
    let nothing = ["", "", ""]
    // A flag that is down says something only where there are enough runs.
    let flag = design?.overOptimization.flatMap { $0.isTelling ? ($0.isFlagged ? "1" : "0") : nil }
    return (design?.correlation.map(CSV.cells) ?? nothing)
      + [flag ?? "", design?.labels.map(CSV.number) ?? ""]
      + (design?.foreseen.map(CSV.cells) ?? nothing)
  }
}

/// Comma-separated values (RFC 4180).
enum CSV {
  /// A text as a field.
  static func field(_ text: String) -> String { CommaSeparatedValues.field(text) }

  /// A heading as a column's name, as programs of statistics take it without quotes: "designed return, from its lowest"
  /// becomes `designed_return`.
  static func column(_ heading: String) -> String {
    let words = heading.prefix { $0 != "," && $0 != "(" }.lowercased().filter { $0 != "’" && $0 != "'" }
      .split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
    return words.isEmpty ? "value" : words.joined(separator: "_")
  }

  /// The shortest text that reads as the same number; nothing for what is not a number.
  static func number(_ value: Double) -> String {
    guard value.isFinite else { return "" }
    return value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
  }

  /// A figure and the ends of its interval.
  static func cells(_ estimate: Estimate) -> [String] {
    [number(estimate.value)] + [estimate.interval?.low, estimate.interval?.high].map { $0.map(number) ?? "" }
  }
}
