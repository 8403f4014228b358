"""What there is to compute on and to learn from: kernels, inputs and pictures by name; data sets and augmentation."""

from cnn_engine.data.augment import Augmentation
from cnn_engine.data.dataset import PARTS, Dataset, Part
from cnn_engine.data.datasets import DATASETS, DatasetPreset, load_dataset
from cnn_engine.data.idx import load_idx
from cnn_engine.data.images_by_class import load_images_by_class

__all__ = [
    "DATASETS",
    "PARTS",
    "Augmentation",
    "Dataset",
    "DatasetPreset",
    "Part",
    "load_dataset",
    "load_idx",
    "load_images_by_class",
]
