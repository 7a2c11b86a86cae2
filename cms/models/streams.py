from typing import Any

from wagtail.fields import StreamField

from cms.blocks import BODY_BLOCKS


class BodyField(StreamField):
    """The body of a page. Its blocks stay out of migrations, so that changing a block's label or
    adding one writes no migration and keeps the history of the database short.
    """

    def __init__(self, **kwargs: Any) -> None:
        kwargs.pop("block_lookup", None)
        super().__init__(BODY_BLOCKS, **kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, _args, kwargs = super().deconstruct()
        kwargs.pop("block_lookup", None)
        return name, path, [], kwargs
