"""The product's own settings, with one more address: the constant page of `make rush`."""

from academy.settings.base import *  # noqa: F403

ROOT_URLCONF = "tests.bench.streets"
