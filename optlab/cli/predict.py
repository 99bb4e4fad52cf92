"""`optlab-predict`: the predictions of a trained run for new rows, as CSV."""

import csv
import sys

from optlab.cli.command import Parser, command

DESCRIPTION = """\
Predictions of a trained run for the rows of a table: class and probabilities, as CSV on the standard output.
The table has the columns of the training data, by name; other columns are not looked at. Means, deviations,
kinds of texts and classes are those of the training part. Where the parameters were not recorded
(training.record_parameters=final), the run is trained again first.
"""


@command
def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns its exit code: 0 done, 2 a user's mistake, 130 interrupted."""
    options = _parser().parse_args(arguments)
    from optlab.report.plot import drawable
    from optlab.store.read import load

    results = drawable(load(options.folder))
    run_id = results.best(options.problem)["run_id"] if options.run == "best" else options.run
    model = results.model(run_id)
    probabilities = model.predict_proba(options.file)
    classes = [str(name) for name in model.classes]
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(["prediction", *(f"probability of {name}" for name in classes)])
    for row in probabilities.tolist():
        if not classes:
            writer.writerow([f"{row[0]:.9g}"])
            continue
        if options.threshold is None:
            chosen = max(range(len(row)), key=row.__getitem__)
        else:
            chosen = int(row[1] >= options.threshold)
        writer.writerow([classes[chosen], *(f"{value:.9g}" for value in row)])
    return 0


def _parser() -> Parser:
    parser = Parser("optlab-predict", description=DESCRIPTION)
    parser.add_argument("folder", help="a result folder")
    parser.add_argument("file", help="a table: delimited text or Parquet; LIBSVM's format for sparse data")
    parser.add_argument("--run", default="best", metavar="ID", help="id of the run, perhaps shortened; best")
    parser.add_argument("--problem", help="whose best run is meant, where the folder has several problems")
    parser.add_argument(
        "--threshold", type=float, help="of two classes: from which probability the second on"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
