"""The worker's entrance. The beat table stands in academy/settings, one line a job."""

import os
import uuid
from pathlib import Path
from time import monotonic
from typing import Any

from celery import Celery
from kombu.transport import filesystem
from kombu.utils.json import dumps

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "academy.settings.base")


class WholeMessages(filesystem.Channel):
    """The embedded broker, with messages that appear in their folder only once they are whole.

    kombu opens a message under its final name and writes afterwards: a worker that looks in between
    reads nothing and dies of it (JSONDecodeError).
    """

    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:
        folder = Path(self.data_folder_out)
        name = f"{round(monotonic() * 1000)}_{uuid.uuid4()}.{queue}.msg"
        unfinished = folder / f"{name}.part"
        unfinished.write_text(dumps(payload))
        unfinished.replace(folder / name)


filesystem.Transport.Channel = WholeMessages

app = Celery("academy")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
