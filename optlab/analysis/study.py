"""A study: what was run and how it is judged, with every table that follows from it, each computed once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import pandas as pd

from optlab.analysis.choice import (
    curves,
    ranks,
    rates,
    representative,
    rules,
    surfaces,
    trials,
    tuning,
    validation,
)
from optlab.analysis.choice.reached import with_reached
from optlab.analysis.comparison import (
    comparisons,
    friedman,
    power,
    problem_comparison,
    profiles,
    standings,
    summary,
    targets,
)
from optlab.analysis.comparison.judgement import Judgement, judge
from optlab.analysis.comparison.layout import layout
from optlab.analysis.optimum.certificates import splits_vary, with_gap, with_optimum
from optlab.analysis.problem import seeds
from optlab.analysis.problem.complete import complete
from optlab.analysis.problem.folders import with_folders
from optlab.analysis.problem.outcomes import METRICS, configured_metric
from optlab.analysis.problem.problems import with_problems
from optlab.analysis.theory import costs, stability
from optlab.analysis.trained import rebuilt
from optlab.core.errors import UserError
from optlab.store.read import Results
from optlab.training.metrics import higher_is_better

GAP = "final_gap"


@dataclass(frozen=True, eq=False)
class Study:
    """What one or several result folders hold, judged by one metric on stated seeds.

    Made by `study`. Its tables are data: nobody changes them in place.
    """

    results: Results
    runs: pd.DataFrame
    """One row per run, with its problem, setting, batch and repetition, what it is used for (`tunes`,
    `evaluates`), what is known of the minimum of its cost (`optimum`, `final_gap`, ...) and the work until it
    was as good as it ended (`reached`)."""
    metric: str
    """What settings are chosen by and optimizers ranked by: a column of `runs`."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """The arguments of `study` that were given, without the results."""
    missing: Mapping[str, list[str]] = field(default_factory=dict)
    """Columns that the tables of the folders lack, by table; they hold no values here."""

    @property
    def trajectories(self) -> pd.DataFrame:
        """One row per run and recorded point."""
        return self.results.trajectories

    @cached_property
    def problems(self) -> list[str]:
        return list(self.runs["problem"].unique())

    @cached_property
    def optimizers(self) -> list[str]:
        return list(self.runs["optimizer"].astype(str).unique())

    @cached_property
    def divided(self) -> pd.Series:
        """For every problem, whether settings were chosen on other seeds than they are judged on."""
        return seeds.divided(self.runs)

    @cached_property
    def trained_alone(self) -> pd.Series:
        """For every problem, whether each run was a stack of its own: only then are seconds compared."""
        return summary.trained_alone(self.runs)

    @cached_property
    def batches_differ(self) -> bool:
        """Whether methods on one problem differ in their batches: then their steps are not comparable."""
        return summary.batches_differ(self.chosen)

    @cached_property
    def settings(self) -> pd.DataFrame:
        """See `tuning.settings`."""
        return tuning.settings(self.runs, self.metric)

    @cached_property
    def tuning_settings(self) -> pd.DataFrame:
        """The same on the seeds that settings are chosen on."""
        return tuning.settings(self.runs[self.runs["tunes"]], self.metric)

    @cached_property
    def evaluation_settings(self) -> pd.DataFrame:
        """The same on the seeds that they are judged on."""
        return tuning.settings(self.runs[self.runs["evaluates"]], self.metric)

    @cached_property
    def best(self) -> pd.DataFrame:
        """The setting that each optimizer is judged by, see `tuning.best_settings`."""
        return tuning.best_settings(self.settings, self.tuning_settings, self.evaluation_settings)

    @cached_property
    def validated(self) -> pd.DataFrame:
        """See `validation.validated`."""
        return validation.validated(self.runs, self.best, self.metric)

    @cached_property
    def chosen(self) -> pd.DataFrame:
        """The runs that evaluate these settings, see `tuning.at_best`."""
        return tuning.at_best(self.runs, self.best)

    @cached_property
    def points(self) -> pd.DataFrame:
        """The recorded points of the chosen runs, with `gap` and the axes of `costs.COMPUTED`."""
        return costs.with_costs(with_gap(self.trajectories, self.chosen), self.chosen)

    def curves(self, axis: str, column: str) -> pd.DataFrame:
        """See `curves.curves`."""
        return curves.curves(self.chosen, self.points, axis, column)

    @cached_property
    def summary(self) -> pd.DataFrame:
        """See `summary.summary`, and what the validation cost would choose, see `validation.choices`."""
        table = summary.summary(
            self.runs, self.trajectories, self.best, self.chosen, self.standings, self.metric
        )
        return table.merge(validation.choices(self.validated), on=seeds.GROUP, how="left")

    @cached_property
    def judgements(self) -> dict[str, Judgement]:
        """See `judgement.judge`, by problem."""
        parts = self.chosen.groupby("problem", sort=False)
        return {str(problem): judge(layout(part, self.metric)) for problem, part in parts}

    @cached_property
    def comparisons(self) -> pd.DataFrame:
        """See `comparisons.comparisons`."""
        return comparisons.comparisons(self.judgements)

    @cached_property
    def standings(self) -> pd.DataFrame:
        """See `standings.standings`."""
        return standings.standings(self.judgements)

    @cached_property
    def powers(self) -> pd.DataFrame:
        """See `power.powers`."""
        return power.powers(self.judgements)

    @cached_property
    def tuned(self) -> pd.DataFrame:
        """See `trials.tuned`."""
        tables = self.settings, self.best, self.tuning_settings, self.evaluation_settings
        return trials.tuned(self.runs, *tables, self.metric)

    @cached_property
    def by_rule(self) -> pd.DataFrame:
        """See `rules.by_rule`."""
        is_cost = not higher_is_better(self.metric)
        return rules.by_rule(self.runs, self.best, self.tuning_settings, self.evaluation_settings, is_cost)

    @cached_property
    def trials(self) -> pd.DataFrame:
        """See `trials.best_after`."""
        return trials.best_after(self.tuning_settings, self.evaluation_settings, self.metric)

    @cached_property
    def sensitivity(self) -> pd.DataFrame:
        """See `rates.sensitivity`."""
        return rates.sensitivity(self.settings, self.best)

    @cached_property
    def surfaces(self) -> pd.DataFrame:
        """See `surfaces.surfaces`."""
        return surfaces.surfaces(self.runs, self.settings, self.best)

    @cached_property
    def by_gap(self) -> "Study":
        """The problems whose minimum is known, at the same settings, but judged by the distance to it."""
        known = self.runs["optimum"].notna().groupby(self.runs["problem"]).transform("all")
        runs = self.runs[known]
        study = replace(self, runs=runs, metric=GAP)
        problems = set(runs["problem"])
        for name in ("best", "chosen"):
            table = getattr(self, name)
            vars(study)[name] = table[table["problem"].isin(problems)]
        return study

    @cached_property
    def ranks(self) -> pd.DataFrame:
        """See `ranks.ranks`."""
        return ranks.ranks(self.chosen, self.metric)

    @cached_property
    def representative(self) -> pd.DataFrame:
        """See `representative.representative`."""
        return representative.representative(self.chosen, self.metric)

    @cached_property
    def recorded_problems(self) -> list[str]:
        """Problems of which the parameters of every optimizer's representative run were recorded."""
        groups = self.representative.groupby("problem")
        return [str(problem) for problem, part in groups if part.apply(rebuilt.recorded, axis=1).all()]

    def models(self, problem: str | None = None) -> list[rebuilt.Rebuilt]:
        """The trained models of the representative runs on one problem, each rebuilt once.

        Args:
            problem: its name; None: the first whose parameters were recorded.

        Raises:
            UserError: there is no such problem, no parameters were recorded, or the data cannot be had.
        """
        if problem is None:
            problem = (self.recorded_problems or sorted(self.problems))[0]
        if problem not in self._models:
            self._models[problem] = rebuilt.models(self.results, self.representative, problem)
        return self._models[problem]

    @cached_property
    def _models(self) -> dict[str, list[rebuilt.Rebuilt]]:
        return {}

    def __getstate__(self) -> dict[str, Any]:
        """What another process is given: all but the models, which it rebuilds faster than they are sent."""
        return {name: value for name, value in vars(self).items() if name != "_models"}

    @cached_property
    def friedman(self) -> friedman.Friedman | None:
        """See `friedman.friedman`."""
        return friedman.friedman(self.chosen, self.metric)

    @cached_property
    def problem_comparison(self) -> pd.DataFrame:
        """See `problem_comparison.problem_comparison`."""
        return problem_comparison.problem_comparison(self.results, self.chosen, self.summary)

    @cached_property
    def cost_axes(self) -> list[str]:
        """Those of `targets.AXES` that are known at every point."""
        return [axis for axis in targets.AXES if self.points[axis].notna().all()]

    @cached_property
    def cost_axis(self) -> str:
        """What scores are made of: all work where it is known, else gradient evaluations."""
        return self.cost_axes[0]

    def times(self, axis: str) -> pd.DataFrame:
        """See `targets.times_to_target`."""
        if axis not in self._times:
            self._times[axis] = targets.times_to_target(self.chosen, self.points, axis)
        return self._times[axis]

    @cached_property
    def _times(self) -> dict[str, pd.DataFrame]:
        return {}

    @cached_property
    def expected_costs(self) -> dict[str, pd.DataFrame]:
        """See `targets.ert`, by the axis of cost."""
        return {axis: targets.ert(self.times(axis)) for axis in self.cost_axes}

    def scored_times(self, axis: str) -> pd.DataFrame:
        """The times on the problems that scores count, see `targets.on_shared_problems`."""
        return targets.on_shared_problems(self.times(axis))

    @cached_property
    def scored_problems(self) -> list[str]:
        """The problems that scores count: those with targets, on which all optimizers were run."""
        return list(self.scored_times(self.cost_axis)["problem"].unique())

    @cached_property
    def not_comparable(self) -> list[str]:
        """See `targets.not_comparable`."""
        return targets.not_comparable(self.chosen, self.trajectories)

    @cached_property
    def instances(self) -> pd.DataFrame:
        """See `targets.instance_times`, on `cost_axis` and the problems that scores count."""
        return targets.instance_times(self.scored_times(self.cost_axis))

    @cached_property
    def scores(self) -> pd.DataFrame:
        """See `profiles.scores`, on `cost_axis` and the problems that scores count."""
        return profiles.scores(self.instances, targets.resampled_times(self.scored_times(self.cost_axis)))

    @cached_property
    def predicted_rates(self) -> pd.DataFrame:
        """See `stability.predicted_rates`."""
        return stability.predicted_rates(self.chosen)

    @cached_property
    def edges(self) -> pd.DataFrame:
        """See `stability.edges`."""
        return stability.edges(self.runs)


def study(
    results: Results,
    metric: str | None = None,
    tuning_seeds: Iterable[int] | None = None,
    evaluation_seeds: Iterable[int] | None = None,
    optimum: Mapping[str, float] | None = None,
) -> Study:
    """The study that results make.

    Args:
        results: tables of one or several result folders.
        metric: what optimizers are chosen and ranked by; None: the `objective_metric` of the runs, or the
            distance to the minimum where the seed draws the split and so the cost itself.
        tuning_seeds, evaluation_seeds: what settings are chosen on and judged on (see `seeds.with_roles`).
        optimum: minima of the cost that the user knows, by problem or a part of its name.

    Raises:
        UserError: there are no runs, a needed column is missing, there is no such metric or problem, or the
            seeds overlap or were not run.
    """
    tuning, evaluation = (None if s is None else sorted(set(s)) for s in (tuning_seeds, evaluation_seeds))
    results, missing = complete(results)
    results = replace(results, runs=with_folders(results.runs, results.folders))
    runs = seeds.with_roles(with_problems(results.runs), tuning, evaluation)
    ranking = metric or configured_metric(runs)
    if ranking not in METRICS:
        raise UserError(f"metric={ranking}: there is no such metric; choose from {', '.join(METRICS)}")
    runs = with_optimum(runs, optimum or {})
    if metric is None and ranking == "final_train_cost" and splits_vary(runs):
        ranking = GAP
    runs = with_reached(runs, results.trajectories, ranking)
    options = {"metric": metric, "optimum": optimum, "tuning_seeds": tuning, "evaluation_seeds": evaluation}
    options = {name: value for name, value in options.items() if value not in (None, {})}
    return Study(results, runs, ranking, options, missing)
