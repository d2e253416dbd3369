"""Which pixels a class's score rests on, by four methods, and a check that their maps mean something."""

from scribal.explaining.attributions.base import Attribution
from scribal.explaining.attributions.deletion import deletion_curve, deletion_order
from scribal.explaining.attributions.grad_cam import grad_cam, last_image
from scribal.explaining.attributions.gradients import input_gradient, integrated_gradients
from scribal.explaining.attributions.occlusion import occlusion

__all__ = [
    "Attribution",
    "deletion_curve",
    "deletion_order",
    "grad_cam",
    "input_gradient",
    "integrated_gradients",
    "last_image",
    "occlusion",
]
