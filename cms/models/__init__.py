from cms.models.catalogue import CataloguePage
from cms.models.courses import CoursePage, ModulePage
from cms.models.home import HomePage
from cms.models.media import AcademyDocument, AcademyImage, AcademyRendition
from cms.models.standard import StandardPage

__all__ = [
    "AcademyDocument",
    "AcademyImage",
    "AcademyRendition",
    "CataloguePage",
    "CoursePage",
    "HomePage",
    "ModulePage",
    "StandardPage",
]
