"""Forms of the codebook: what to prepare, which file to look at, whether to do it."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField

from app.core.forms import PageForm


class UploadForm(PageForm):
    """A codebook, or coded passages."""

    file = FileField(
        _l("File"),
        validators=[FileRequired(_l("Choose a file."))],
        description=_l(
            "A codebook (XLSX or .qdc), or coded passages (CSV, XLSX or .qdpx) that were prepared "
            "here and coded again elsewhere."
        ),
    )


class ConfirmForm(PageForm):
    """Yes, do it."""

    also_changed = BooleanField(
        _l("Also write over what was decided after the file was written"),
    )
