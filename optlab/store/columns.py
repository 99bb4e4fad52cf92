"""The columns of the tables of a result folder."""

import pyarrow as pa

TEXT, WHOLE, REAL = pa.string(), pa.int64(), pa.float64()

FINAL = tuple(f"{part}_{what}" for part in ("train", "validation", "test") for what in ("cost", "accuracy"))


RUNS = pa.schema(
    [
        ("run_id", TEXT),
        ("dataset", TEXT),
        ("model", TEXT),
        ("optimizer", TEXT),
        ("lr", REAL),
        ("seed", WHOLE),
        ("batch_size", WHOLE),
        ("status", TEXT),
        ("steps", WHOLE),
        ("epochs", REAL),
        *((f"final_{name}", REAL) for name in FINAL),
        ("best_validation_cost", REAL),
        ("seconds", REAL),
        ("stack_id", TEXT),
        ("stack_size", WHOLE),
        ("overrides", TEXT),
        ("config", TEXT),
    ]
)


MEASURED = (*FINAL, "grad_norm", "value_evals", "gradient_evals", "hvp_evals", "hessian_evals")


# and, where they were recorded, saturation and sparsity of every hidden layer
TRAJECTORIES = pa.schema(
    [
        ("run_id", TEXT),
        ("step", WHOLE),
        ("epoch", REAL),
        ("seconds", REAL),
        *((name, REAL) for name in MEASURED),
    ]
)
