"""Learning as an animation: the decision regions of all optimizers, and their costs, from step to step."""

import base64
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import jinja2
import numpy as np
from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from optlab.analysis.study import Study
from optlab.analysis.trained.rebuilt import Rebuilt
from optlab.core.arrays import Array
from optlab.report.drawing import line_names, scales, store
from optlab.report.drawing.networks import median_run, models, no_plane, per_problem
from optlab.report.drawing.report_figure import ReportFigure, Variant
from optlab.report.drawing.style import INK, RC, look, mark, settings
from optlab.report.drawing.tiles import tiles
from optlab.report.figures.regions import POINTS, Region, name_features, paint, palette, region

FRAMES = 51  # 50 epochs and the beginning
SIZE = 96  # pixels of a region's side in every frame
DPI = 72  # of the GIF
MILLISECONDS = 120  # that a frame of the GIF stays; the last stays ten times as long
FOOT = 2.1  # inches for the costs


class Learning(NamedTuple):
    """What the animation shows."""

    epochs: Array  # (F,) where the frames are taken
    regions: list[Region]  # with F shades each
    costs: list[tuple[Array, Array]]  # epochs and training costs, or gaps, of every optimizer
    label: str = "training cost J"


def learning(study: Study, problem: str | None = None) -> Figure:
    """The end of the animation: the decision region of every optimizer above the course of the costs.

    `gif` writes all of it.

    Args:
        problem: its name; None: the first whose parameters were recorded, along the way too
            (``training.record_parameters=all``).

    Raises:
        UserError: no parameters were recorded, or the data cannot be had.
    """
    return draw(_film(study, problem))


def _film(study: Study, problem: str | None) -> Learning:
    """The animation, of gaps where the minimum of the cost is known."""
    runs = models(study, problem)
    film = content(runs)
    rows = study.representative[study.representative["problem"] == runs[0].problem].set_index("optimizer")
    if rows["optimum"].isna().any():
        return film
    gaps = study.points.groupby("run_id")[["epoch", "gap"]]
    parts = [gaps.get_group(rows.loc[run.optimizer, "run_id"]).to_numpy(float) for run in runs]
    return film._replace(costs=[(part[:, 0], part[:, 1]) for part in parts], label="J − J*")


def content(runs: Sequence[Rebuilt]) -> Learning:
    """Regions and costs of runs; a run that has stopped stays as it is."""
    recorded = np.unique(np.concatenate([run.points["epoch"].to_numpy(float) for run in runs]))
    epochs = recorded[_spread(len(recorded), FRAMES)]
    shown, costs = [], []
    for run in runs:
        own = run.points["epoch"].to_numpy(float)
        at = np.searchsorted(own, epochs, side="right") - 1
        shown.append(region(run, run.parameters[at], SIZE))
        costs.append((own, run.points["train_cost"].to_numpy(float)))
    return Learning(epochs, shown, costs)


def _spread(n: int, most: int) -> Array:
    """At most so many of n positions: half of them evenly, half early, where most is learnt."""
    if n <= most:
        return np.arange(n)
    even, early = np.linspace(0, n - 1, most // 2), np.geomspace(1, n, most - most // 2) - 1
    return np.unique(np.concatenate([even, early]).round().astype(int))


def draw(film: Learning) -> Figure:
    """The last frame."""
    return _layers(film)[0]


def _layers(film: Learning) -> tuple[Figure, list[list[Any]], Any]:
    """The figure; for every optimizer its region and the points above it; the line that marks the time."""
    figure, all_axes = tiles([one.optimizer for one in film.regions], foot=FOOT)
    layers = [paint(axes, one) for axes, one in zip(all_axes, film.regions, strict=True)]
    for one, layer in zip(film.regions, layers, strict=True):
        for image in layer[:1]:
            image.set_gid(f"region:{mark(one.optimizer)}")
    name_features(all_axes, film.regions)
    width, height = figure.get_size_inches()
    names = [one.optimizer for one in film.regions]
    right = line_names.room(names) if len(names) > 1 else 0.1
    axes = figure.add_axes((0.68 / width, 0.45 / height, 1 - (0.68 + right) / width, (FOOT - 0.75) / height))
    for one, (epochs, cost) in zip(film.regions, film.costs, strict=True):
        color, dash, _ = look(one.optimizer)
        for line in axes.plot(epochs, scales.visible(cost), color=color, linestyle=dash):
            line.set_gid(mark(one.optimizer))
    top = 1.6 * min(np.nanmax(cost) for _, cost in film.costs)  # who rises least is always seen
    shown = np.concatenate([cost[cost <= top] for _, cost in film.costs])
    if scales.log_helps(shown):
        axes.set_ylim(shown.min() * 0.8, shown.max() * 1.25)
        scales.log_axis(axes, "y")
    else:
        axes.set_ylim(0, 1.05 * shown.max())
    axes.patch.set_gid("costs")
    axes.set_xlim(0, _right(film))
    axes.set_xlabel("epochs")  # the axis may be narrow
    axes.set_ylabel(film.label)
    if len(names) > 1:
        line_names.write_names(axes, dict(zip(names, film.costs, strict=True)))
    now = axes.axvline(film.epochs[-1], color=INK, linewidth=1)
    now.set_gid("now")
    return figure, layers, now


def gif(film: Learning, path: Path) -> None:
    """Write the animation as a GIF; the same content gives the same bytes."""
    with rc_context({**RC, "savefig.dpi": DPI}):
        figure, layers, now = _layers(film)
        figure.set_dpi(DPI)
        moving = [artist for layer in layers for artist in layer] + [now]
        for artist in moving:
            artist.set_animated(True)
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
        still, colors = canvas.copy_from_bbox(figure.bbox), palette()
        frames: list[Image.Image] = []
        for frame in (len(film.epochs) - 1, *range(len(film.epochs))):  # the last decides on the colours
            canvas.restore_region(still)
            for one, layer in zip(film.regions, layers, strict=True):
                for image in layer[:1]:
                    image.set_data(colors[one.shades[frame]])
            now.set_xdata([film.epochs[frame]] * 2)
            for artist in moving:
                artist.axes.draw_artist(artist)
            picture = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
            like = frames[0] if frames else None
            frames.append(
                picture.quantize(128, dither=Image.Dither.NONE)
                if like is None
                else picture.quantize(palette=like, dither=Image.Dither.NONE)
            )
    durations = [MILLISECONDS] * (len(film.epochs) - 1) + [10 * MILLISECONDS]
    frames[1].save(path, save_all=True, append_images=frames[2:], duration=durations, loop=0, optimize=False)


def player(study: Study, folder: Path, name: str, problem: str | None = None) -> str:
    """Write the figure and its GIF, and return the figure with a slider, as HTML."""
    film = _film(study, problem)
    with rc_context(settings()):
        figure = draw(film)
    store.save(figure, folder, name)
    gif(film, folder / f"{name}.gif")
    frames = {
        "epochs": [f"{epoch:.3g}" for epoch in film.epochs],
        "shares": [round(float(share), 4) for share in film.epochs / _right(film)],
        "regions": {
            f"{name}-region:{mark(one.optimizer)}": pictures(one) for one in film.regions if one.finite
        },
    }
    template = jinja2.Environment(loader=jinja2.PackageLoader("optlab.report"), autoescape=True)
    return template.get_template("learning.html.j2").render(
        name=name,
        label=_caption(study, problem),
        svg=store.inline(folder / f"{name}.svg", name).replace("image-rendering:pixelated", ""),
        film=frames,
        milliseconds=MILLISECONDS,
    )


def pictures(one: Region) -> list[str]:
    """The region in every frame as a PNG in a data URI, the lowest row first, as in matplotlib's SVG."""
    uris = []
    for shades in one.shades:
        image = Image.fromarray(shades)
        image.putpalette(palette()[:, :3].tobytes())
        file = io.BytesIO()
        image.save(file, "PNG", transparency=palette()[:, 3].tobytes(), optimize=True)
        uris.append("data:image/png;base64," + base64.b64encode(file.getvalue()).decode())
    return uris


def _right(film: Learning) -> float:
    """Where the axis of epochs ends."""
    return float(max(film.epochs[-1], 1e-9) * 1.01)


def _variants(study: Study) -> list[Variant]:
    """Of models whose parameters were recorded along the way."""
    return per_problem(study, "Decision regions", lambda runs: any(len(run.points) > 1 for run in runs))


def _caption(study: Study, problem: str | None) -> str:
    return (
        f"Decision regions of every optimizer, {median_run(study, problem)}, above the training costs; the "
        f"slider moves time. Deeper colour, surer model; grey lines are borders. Marks are at most {POINTS} "
        "training points. Shares of right answers are final."
    )


FIGURE = ReportFigure(
    name="learning",
    section="learned",
    order=20,
    title="Decision regions",
    draw=learning,
    caption=_caption,
    obstacle=no_plane,
    variants=_variants,
    player=player,
)
