"""What there is to compute on and to learn from: kernels, inputs and pictures by name; data sets and augmentation."""

from cnn_engine.data.augment import Augmentation
from cnn_engine.data.dataset import PARTS, Dataset, Part
from cnn_engine.data.datasets import DATASETS, DatasetPreset, load_dataset

__all__ = ["DATASETS", "PARTS", "Augmentation", "Dataset", "DatasetPreset", "Part", "load_dataset"]
