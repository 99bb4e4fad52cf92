"""Red flags in words: what makes a comparison less fair than it looks, one sentence each."""

from collections.abc import Callable, Sequence

from optlab.analysis.flags import Flag
from optlab.report import words

MOST = 3  # problems or optimizers that are named
ROLES = ("tuning", "evaluation")


def sentences(flags: Sequence[Flag]) -> list[str]:
    """One sentence for all optimizers that have a flag in common, and all problems on which they do."""
    by_problem: dict[tuple[str, str, object, object], list[Flag]] = {}
    for flag in flags:
        key = (flag.kind, flag.problem, flag.numbers.get("option"), flag.numbers.get("edge"))
        by_problem.setdefault(key, []).append(flag)
    by_text: dict[str, list[str]] = {}
    for (kind, problem, *_), own in by_problem.items():
        for text in TEXTS[kind](own):
            by_text.setdefault(text, []).append(problem)
    return [f"On {_named(problems)}: {text}" for text, problems in by_text.items()]


def _named(problems: list[str]) -> str:
    return words.listed(problems) if len(problems) <= MOST else words.plural(len(problems), "problem")


def _whose(own: Sequence[Flag]) -> str:
    return words.listed(name for flag in own for name in flag.optimizers)


def _idle_seeds(own: Sequence[Flag]) -> list[str]:
    seeds = words.plural(int(own[0].numbers["seeds"]), "run")
    return [
        f"the seed changes nothing for {_whose(own)}: same start, same batches, same split, so that "
        f"{seeds} of a setting are one. To draw a split for every seed, set 'dataset.split_seed=${{seed}}'."
    ]


def _unlike(own: Sequence[Flag]) -> list[str]:
    parts = "; ".join(f"{_whose([flag])} with {flag.numbers['options']}" for flag in own)
    if own[0].numbers["meet"] == "yes":
        return [f"splits of the data differ: {parts}. Every split counts as a problem of its own."]
    return [f"no problem brings these optimizers together: {parts}. They are not compared."]


def _copies(own: Sequence[Flag]) -> list[str]:
    same = "have the same costs to nine digits, at every record and on every seed; they may be one method."
    return [f"{_whose([flag])} {same}" for flag in own]


def _same_seeds(own: Sequence[Flag]) -> list[str]:
    return ["settings were chosen on the seeds that they are judged on, which flatters the larger grid. Four "
            "seeds can be divided."]  # fmt: skip


def _unequal_grids(own: Sequence[Flag]) -> list[str]:
    numbers = own[0].numbers
    fewest = words.listed(str(numbers["whose"]).split(", "))
    return [f"{_whose(own)} had {numbers['most']} settings to choose from; {fewest} had {numbers['least']}."]


def _unequal_seeds(own: Sequence[Flag]) -> list[str]:
    numbers, names = own[0].numbers, own[0].optimizers
    has = f"{_whose(own)} {'has' if len(names) == 1 else 'have'}"
    seeds = words.plural(int(numbers["least"]), "evaluation seed")
    return [f"{has} {seeds}, others {numbers['most']}; {numbers['common']} are compared."]


def _ties(own: Sequence[Flag]) -> list[str]:
    texts = []
    for flag in own:
        pairs, seeds = int(flag.numbers["pairs"]), int(flag.numbers["seeds"])
        p = words.number(float(flag.numbers["p"]), 3)
        among = f"{words.plural(pairs, 'pair')} among {_whose([flag])}" if pairs > 1 else _whose([flag])
        texts.append(f"differences repeat or vanish between {among}: with {words.plural(seeds, 'seed')}, "
                     f"no test can give p below {p}. More seeds or a cost would decide.")  # fmt: skip
    return texts


def _recording(own: Sequence[Flag]) -> list[str]:
    every = words.listed(f"{_whose([flag])} every {_epochs(float(flag.numbers['spacing']))}" for flag in own)
    then = (
        "costs to target are read where all have records"
        if own[0].numbers["comparable"] == "yes"
        else "costs to target cannot be compared"
    )
    return [f"runs were recorded unlike, {every}: {then}."]


def _epochs(spacing: float) -> str:
    return "epoch" if spacing == 1 else f"{words.rate(float(f'{spacing:.3g}'))} epochs"


def _edge(own: Sequence[Flag]) -> list[str]:
    option, edge = own[0].numbers["option"], own[0].numbers["edge"]
    names = words.listed(sorted(name for flag in own for name in flag.optimizers))
    return [f"the chosen {option} of {names} is the {edge} tried; a better one may lie beyond."]


def _diverged(own: Sequence[Flag]) -> list[str]:
    texts = []
    for flag in own:
        tuning, evaluation = (words.plural(int(flag.numbers[name]), f"{name} run") for name in ROLES)
        texts.append(f"{_whose([flag])} diverged at its chosen setting in {tuning} and {evaluation}.")
    return texts


def _worse(own: Sequence[Flag]) -> list[str]:
    names = words.listed(
        f"{_whose([flag])} ({words.plural(int(flag.numbers['runs']), 'run')})" for flag in own
    )
    return [f"at the best setting tried, the training cost ends above its start: {names}."]


def _overfitted(own: Sequence[Flag]) -> list[str]:
    pairs = [(_whose([f]), float(f.numbers["chosen_cost"]), float(f.numbers["cost"])) for f in own]
    pairs.sort(key=lambda pair: pair[2] - pair[1])
    costs = [f"{name} {words.number(high, 3)} instead of {words.number(low, 3)}" for name, high, low in pairs]
    rest = [words.plural(len(costs) - MOST, "other")] * (len(costs) > MOST)
    return [
        f"the chosen settings overfit: validation costs of {words.listed([*costs[:MOST], *rest])} at the "
        "setting that these choose. To take a model home, set objective_metric=final_validation_cost."
    ]


def _passed_over(own: Sequence[Flag]) -> list[str]:
    return [
        f"{_whose([flag])} has a better median at {flag.numbers['setting']}, where "
        f"{words.share(float(flag.numbers['diverged']))} of its tuning runs diverged."
        for flag in own
    ]


def _timed_out(own: Sequence[Flag]) -> list[str]:
    return [
        f"the clock ended {flag.numbers['runs']} of {flag.numbers['of']} runs of {_whose([flag])}."
        for flag in own
    ]


def _stalled(own: Sequence[Flag]) -> list[str]:
    return [
        f"{_whose([flag])} stood still away from a minimum in {flag.numbers['runs']} of "
        f"{flag.numbers['of']} runs: no step was accepted, or none was long enough to change the cost. "
        "Features of one scale may help."
        for flag in own
    ]


def _stopped(own: Sequence[Flag]) -> list[str]:
    ended = words.listed(
        f"{_whose([flag])} after {words.count(float(flag.numbers['steps']))} steps" for flag in own
    )
    return [f"a stop rule ended {ended}, behind the first: with more steps the gap may close."]


def _many_gradients(own: Sequence[Flag]) -> list[str]:
    texts = []
    for flag in own:
        taken, batch = words.count(float(flag.numbers["gradients"])), flag.numbers["batch"]
        what = (
            "so its steps cost more than those of others"
            if batch == "full"
            else f"with batches of {batch}: it looks at more data than its batches"
        )
        texts.append(f"{_whose([flag])} takes {taken} full gradients per epoch, {what}. Compare by work.")
    return texts


def _uncounted_passes(own: Sequence[Flag]) -> list[str]:
    texts = []
    for flag in own:
        made, counted = (words.count(float(flag.numbers[name])) for name in ("passes", "counted"))
        texts.append(
            f"{_whose([flag])} made {made} passes over the training data that no counter saw, beside "
            f"{counted} counted evaluations: its true cost is higher than shown."
        )
    return texts


def _hidden_work(own: Sequence[Flag]) -> list[str]:
    return [
        f"{_whose([flag])} takes {words.number(float(flag.numbers['times']), 2)} times the seconds of the "
        "others for the same counted work; it may compute what is not counted."
        for flag in own
    ]


def _known_minimum(own: Sequence[Flag]) -> list[str]:
    return [
        f"the first step of {_whose([flag])} lands on J* in "
        f"{words.plural(int(flag.numbers['runs']), 'run')}; unless the cost is quadratic, the minimum was "
        "known beforehand."
        for flag in own
    ]


TEXTS: dict[str, Callable[[Sequence[Flag]], list[str]]] = {
    "idle seeds": _idle_seeds,
    "unlike problems": _unlike,
    "copies": _copies,
    "same seeds": _same_seeds,
    "unequal grids": _unequal_grids,
    "unequal seeds": _unequal_seeds,
    "ties": _ties,
    "recording": _recording,
    "edge": _edge,
    "diverged": _diverged,
    "worse": _worse,
    "overfitted": _overfitted,
    "passed over": _passed_over,
    "timed out": _timed_out,
    "stalled": _stalled,
    "stopped": _stopped,
    "many gradients": _many_gradients,
    "uncounted passes": _uncounted_passes,
    "hidden work": _hidden_work,
    "known minimum": _known_minimum,
}
