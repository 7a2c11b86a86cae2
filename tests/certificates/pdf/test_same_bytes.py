"""The bytes of the page: the same facts give the same ones, whoever draws and wherever."""

import hashlib
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from certificates.pdf import (
    render_attestation,
)
from tests.certificates.pdf.names import EVERY
from tests.certificates.pdf.paper import (
    facts,
    failures,
)

LANGUAGES = ["fr", "en"]


PROGRAM = """
import hashlib, sys
from certificates.pdf import render_attestation
from tests.certificates.pdf.paper import facts
for language in ("en", "fr"):
    pdf = render_attestation(facts(holder_name="Łukasz 李娜 محمد"), language=language)
    print(hashlib.sha256(pdf).hexdigest())
"""


def test_the_same_facts_give_the_same_bytes_in_any_process():
    strange = facts(holder_name="Łukasz 李娜 محمد")
    render_attestation(facts(holder_name="Żółć Наталья"), language="fr")  # warms the caches
    here = [
        hashlib.sha256(render_attestation(strange, language=language)).hexdigest()
        for language in ("en", "fr")
    ]
    environment = os.environ | {
        "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "LC_ALL": "C", "SOURCE_DATE_EPOCH": "1",
        "PYTHONPATH": ".",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )

    assert done.stdout.split() == here, done.stderr


def test_another_fact_gives_other_bytes():
    one = render_attestation(facts(), language="fr")

    assert one == render_attestation(facts(), language="fr")
    assert one != render_attestation(facts(number="QC-2026-000124-8"), language="fr")
    assert one != render_attestation(facts(), language="en")


def test_a_hundred_files_are_valid_whatever_bytes_their_streams_end_with():
    wrong = []
    for i in range(100):
        pdf = render_attestation(
            facts(number=f"QC-2026-{i:06d}-K", holder_name=f"Łukasz {i}"), language="fr"
        )
        wrong += failures(pdf)
    assert wrong == []


def test_threads_drawing_at_once_draw_the_same_bytes():
    told = [facts(holder_name=name) for _, name in EVERY[::3]]
    alone = [render_attestation(each, language="fr") for each in told]

    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda each: render_attestation(each, language="fr"), told))

    assert together == alone
