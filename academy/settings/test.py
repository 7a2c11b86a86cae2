"""Tests: the same settings, with a key of no value and files in a folder that tests own."""

import os
import tempfile

os.environ.setdefault("SECRET_KEY", "tests-only-" + "x" * 50)
os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="academy-tests-")  # one a process
# The kind of database is chosen here; tests/databases.py copies one and fills in its address.
TEST_DATABASE = os.environ.get("TEST_DATABASE", "postgresql")  # or "sqlite"
os.environ["DATABASE_URL"] = {
    "postgresql": "postgresql:///not-copied-yet",
    "sqlite": "sqlite:////nowhere/not-copied-yet.sqlite3",
}[TEST_DATABASE]

from academy.settings.base import *  # noqa: E402

DEBUG = False
ALLOWED_HOSTS = ["*"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # WhiteNoise warns of a missing folder
SESSION_WORDS_SECONDS = 0  # what a test changes is on the next page
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
DATABASES["default"]["CONN_MAX_AGE"] = 0  # a copy is dropped after its test: nobody may linger
