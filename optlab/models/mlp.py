"""The multilayer perceptron."""

from optlab.core.errors import UserError
from optlab.core.options import Count, Fraction
from optlab.models.class_weights import ClassWeight
from optlab.models.deep_network import DeepNetwork
from optlab.models.initial import Init
from optlab.models.linear_network import LinearNetwork
from optlab.models.margin_losses import Loss
from optlab.models.model import REGISTRY
from optlab.models.network import ActivationName, Network, Output
from optlab.models.targets import require_classes


@REGISTRY.register
def mlp(
    n_features: int,
    n_classes: int,
    /,
    hidden: list[Count] = [16, 16],  # noqa: B006  never modified; the default of the configuration
    activation: ActivationName = "relu",
    output_activation: Output | None = None,
    loss: Loss = "cross_entropy",
    init: Init = "glorot",
    dropout: Fraction = 0.0,
    class_weight: ClassWeight = None,
) -> Network:
    """Multilayer perceptron with hidden layers of the given sizes.

    Two classes need one output (sigmoid), more classes one output each (softmax), unless
    `output_activation` says otherwise; `cross_entropy` goes with these defaults only. `dropout` is the
    probability with which a hidden unit is silenced in a training step.

    Raises:
        UserError: the output activation does not fit the loss or the number of classes; the activation has
            no gradient; not one class weight for each class; or more than MAX_PARAMETERS.
    """
    if activation == "step":
        raise UserError(
            "model.activation=step: its derivative is 0, so no gradient reaches the hidden layers; "
            "use model.activation=relu or sigmoid"
        )
    require_classes("mlp", n_classes)
    natural: Output = "sigmoid" if n_classes == 2 else "softmax"
    output = output_activation or natural
    if loss == "cross_entropy" and output != natural:
        raise UserError(
            f"model.output_activation={output}: cross_entropy with {n_classes} classes goes with {natural}; "
            f"leave it null, or use model.loss=mse"
        )
    outputs = 1 if n_classes == 2 and output != "softmax" else n_classes
    if not hidden:
        return LinearNetwork(
            "mlp", n_features, outputs, n_classes, output, loss, init, class_weight=class_weight
        )
    sizes = [n_features, *hidden, outputs]
    return DeepNetwork("mlp", sizes, n_classes, output, loss, init, activation, dropout, class_weight)
