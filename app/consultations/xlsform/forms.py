"""The form by which a form file comes in."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired

from app.core.forms import PageForm


class FormFileForm(PageForm):
    """A form file."""

    file = FileField(
        _l("XLSForm file"),
        [FileRequired(_l("Choose a file."))],
        description=_l("As KoboToolbox and ODK use it: .xlsx, .xls or .csv, 5 MB at most."),
    )
