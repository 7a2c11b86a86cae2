"""The roof: settings, urls, celery, commands, and the desks that read across apps."""

from academy.celery import app as celery_app

__all__ = ["celery_app"]
