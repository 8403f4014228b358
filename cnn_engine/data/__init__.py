"""What there is to compute on and to learn from: kernels, inputs and pictures by name; data sets and augmentation."""

from cnn_engine.data.augment import Augmentation as Augmentation
from cnn_engine.data.dataset import PARTS as PARTS
from cnn_engine.data.dataset import Dataset as Dataset
from cnn_engine.data.dataset import Part as Part
from cnn_engine.data.datasets import DATASETS as DATASETS
from cnn_engine.data.datasets import DatasetPreset as DatasetPreset
from cnn_engine.data.datasets import load_dataset as load_dataset
from cnn_engine.data.idx import load_idx as load_idx
from cnn_engine.data.images_by_class import load_images_by_class as load_images_by_class
