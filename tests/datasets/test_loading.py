import numpy as np
import pytest
from sklearn.impute import SimpleImputer
from sklearn.preprocessing import StandardScaler

from optlab.core.errors import UserError
from optlab.datasets import REGISTRY, Part, RawData, checked, dataset, load

ALL_ROWS = {"standardize": False, "validation_fraction": 0, "test_fraction": 0}


@pytest.fixture
def register():
    """A function: make `raw` the data set `toy`."""

    def register(raw: RawData) -> None:
        def toy() -> RawData:
            return raw

        dataset(toy)

    yield register
    REGISTRY._entries.pop("toy", None)


def table(n: int = 200, seed: int = 0) -> RawData:
    generator = np.random.default_rng(seed)
    x = generator.normal(5, [1, 100, 1e-6], (n, 3))
    return RawData(x, generator.integers(0, 2, n), ("a", "b", "c"), ("no", "yes"))


def test_parts_have_the_dtype_asked_for_and_are_contiguous(register):
    register(table())
    for dtype in ("float32", "float64"):
        for part in load({"name": "toy"}, dtype).__dict__.values():
            if isinstance(part, Part):
                assert part.x.dtype == dtype and part.x.flags.c_contiguous
                assert part.y.dtype == np.int64 and len(part.x) == len(part.y)


def test_standardising_is_sklearns_with_the_statistics_of_the_training_part(register):
    register(table())
    raw = load({"name": "toy", "standardize": False}, "float64")
    scaler = StandardScaler().fit(raw.train.x)
    scaled = load({"name": "toy"}, "float64")
    for part in ("train", "validation", "test"):
        expected = scaler.transform(getattr(raw, part).x)
        # column c is 1e-6 wide around 5: its deviations carry a relative rounding error of 1e-16 * 5e6
        np.testing.assert_allclose(getattr(scaled, part).x, expected, rtol=1e-8, atol=1e-8)


def test_constant_columns_become_zero_in_every_part(register):
    raw = table()
    x = raw.x.copy()
    x[:, 1] = 0.1
    register(RawData(x, raw.y, raw.features, raw.classes))
    loaded = load({"name": "toy"}, "float64")
    for part in (loaded.train, loaded.validation, loaded.test):
        assert not part.x[:, 1].any()


def test_zero_fractions_leave_all_rows_in_file_order_for_training(register):
    register(raw := table())
    loaded = load({"name": "toy", **ALL_ROWS}, "float64")
    np.testing.assert_array_equal(loaded.train.x, raw.x)
    np.testing.assert_array_equal(loaded.train.y, raw.y)
    assert loaded.validation.x.shape == loaded.test.x.shape == (0, 3)


def test_by_default_a_fifth_validates_and_a_fifth_tests(register):
    register(table(1000))
    loaded = load({"name": "toy"}, "float64")
    assert [len(part.y) for part in (loaded.train, loaded.validation, loaded.test)] == [600, 200, 200]


def test_the_split_depends_on_its_seed_alone(register):
    register(table())
    base = load({"name": "toy"}, "float64")
    for other in ({"standardize": False}, {}):
        np.testing.assert_array_equal(load({"name": "toy", **other}, "float32").train.y, base.train.y)
    again = load({"name": "toy", "split_seed": 1}, "float64")
    assert not np.array_equal(again.train.x, base.train.x)


def test_the_checksum_is_that_of_the_data_as_read(register):
    register(table())
    base = load({"name": "toy"}, "float64").sha256
    for other in ({"standardize": False}, {"split_seed": 5}, {"max_rows": 20}, {"test_fraction": 0}):
        assert load({"name": "toy", **other}, "float32").sha256 == base
    register(table(seed=1))
    assert load({"name": "toy"}, "float64").sha256 != base


def test_max_rows_is_a_stratified_sample(register):
    raw = table(1000)
    y = (np.arange(1000) < 100).astype(np.int64)
    register(RawData(raw.x, y, raw.features, raw.classes))
    loaded = load({"name": "toy", "max_rows": 50, **ALL_ROWS}, "float64")
    assert np.bincount(loaded.train.y).tolist() == [45, 5]
    assert {row.tobytes() for row in loaded.train.x} <= {row.tobytes() for row in raw.x}


@pytest.mark.parametrize("statistic", ["mean", "median"])
def test_missing_values_are_filled_from_the_training_part_as_sklearn_does(register, statistic):
    raw = table()
    row = np.arange(len(raw.y))[:, None]  # a first column that tells which row went where
    holes = np.where(np.random.default_rng(3).random(raw.x.shape) < 0.2, np.nan, raw.x)
    x = np.hstack([row, holes])
    register(RawData(x, raw.y, ("row", *raw.features), raw.classes, impute=statistic))
    loaded = load({"name": "toy", "standardize": False}, "float64")
    imputer = SimpleImputer(strategy=statistic).fit(x[loaded.train.x[:, 0].astype(int)])
    for part in (loaded.train, loaded.validation, loaded.test):
        expected = imputer.transform(x[part.x[:, 0].astype(int)])
        np.testing.assert_allclose(part.x, expected, rtol=1e-14)  # sums may run in another order


def test_a_column_without_a_value_to_train_on_is_named(register):
    raw = table()
    x = raw.x.copy()
    x[:, 1] = np.nan
    register(RawData(x, raw.y, raw.features, raw.classes, impute="mean"))
    with pytest.raises(UserError, match="column 'b' has no value in the training part"):
        load({"name": "toy"}, "float64")


def images() -> RawData:
    generator = np.random.default_rng(0)
    x = generator.integers(0, 256, (60, 4), dtype=np.uint8)
    y, test = np.arange(60) % 2, Part(x[:10] ^ 255, np.arange(10) % 2)
    return RawData(x, y, tuple("abcd"), ("0", "1"), test=test, shape=(2, 2), divisor=255.0)


def test_an_official_test_set_is_used_whole_or_not_at_all(register):
    register(raw := images())
    options = {"name": "toy", "standardize": False, "validation_fraction": 0, "max_rows": 20}
    loaded = load(options, "float32")
    np.testing.assert_array_equal(loaded.test.x, raw.test.x.astype("float32") / np.float32(255))
    assert (len(loaded.train.y), loaded.shape) == (20, (2, 2))
    assert len(load({**options, "test_fraction": 0}, "float32").test.y) == 0
    with pytest.raises(UserError, match=r"test_fraction=0\.2: toy has an official test set"):
        load({**options, "test_fraction": 0.2}, "float32")


def test_pixels_are_divided_or_standardised(register):
    register(raw := images())
    plain = load({"name": "toy", "standardize": False, "validation_fraction": 0}, "float64")
    np.testing.assert_array_equal(plain.train.x, raw.x / 255)
    scaled = load({"name": "toy", "validation_fraction": 0}, "float64")
    expected = StandardScaler().fit_transform(raw.x / 255)
    np.testing.assert_allclose(scaled.train.x, expected, rtol=1e-12, atol=1e-12)  # (x / 255) rounds


@pytest.mark.parametrize(
    "options, words",
    [
        ({"name": "pma"}, "dataset=pma: there is no dataset 'pma'; did you mean 'pima'?"),
        ({}, "dataset.name=None: must name a data set"),
        ({"name": "toy", "standardise": True}, "no option 'standardise'; did you mean 'standardize'?"),
        ({"name": "toy", "path": "a.csv"}, "dataset.path=a.csv: toy has no option 'path'"),
        ({"name": "toy", "test_fraction": 1.0}, "dataset.test_fraction=1.0: must be a number in [0, 1)"),
        ({"name": "toy", "split_seed": -1}, "dataset.split_seed=-1: must be a whole number at least 0"),
        ({"name": "toy", "validation_fraction": 0.5, "test_fraction": 0.5}, "leave no training rows"),
        ({"name": "toy", "max_rows": 1}, "dataset.max_rows=1: fewer than the 2 classes of toy"),
    ],
)
def test_bad_options_are_refused_in_one_line(register, options, words):
    register(table())
    with pytest.raises(UserError) as refusal:
        load(options, "float64")
    assert words in str(refusal.value)


def test_one_class_only_is_refused(register):
    raw = table()
    register(RawData(raw.x, np.zeros_like(raw.y), raw.features, raw.classes))
    with pytest.raises(UserError, match="one class"):
        load({"name": "toy"}, "float64")


def test_values_too_large_are_refused(register):
    raw = table()
    register(RawData(raw.x * 1e300, raw.y, raw.features, raw.classes))
    with pytest.raises(UserError, match="too large to be standardised"):
        load({"name": "toy"}, "float64")
    with pytest.raises(UserError, match="dtype=float32: the data hold values too large"):
        load({"name": "toy", "standardize": False}, "float32")


def test_checked_fills_in_every_option_in_a_fixed_order():
    one = checked({"name": "circles", "noise": 1, "split_seed": 3})
    other = checked({"split_seed": 3, "noise": 1.0, "name": "circles"})
    assert list(one.items()) == list(other.items())
    assert one["noise"] == 1.0 and isinstance(one["noise"], float)
    assert one["n_samples"] == 1000 and one["max_rows"] is None
