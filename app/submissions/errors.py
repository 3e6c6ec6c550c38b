"""What answering refuses, said to the person who answers."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l

from app.core.db import Texts
from app.core.errors import DomainError, NotFoundError
from app.core.i18n import day as day_text
from app.core.i18n import language


class AnswerRefusedError(DomainError):
    """A value that a question does not take.

    :ivar item: code of the scale's item that is meant, or empty for the whole question.
    """

    message: Any = _l("This answer cannot be accepted.")
    status = 422

    def __init__(self, *, item: str = "", **values: object) -> None:
        self.item = item
        super().__init__(**values)


class AnswerMissingError(AnswerRefusedError):
    """A required, visible question has no answer."""

    message = _l("Answer this question to continue.")


class ChoiceMissingError(AnswerMissingError):
    """Nothing was ticked under a required question."""

    message = _l("Choose an answer.")


class LineMissingError(AnswerMissingError):
    """A line of a required table was left without an answer."""

    message = _l("“%(label)s”: choose an answer.")

    def __init__(self, *, item: str, label: dict[str, str]) -> None:
        self.label = Texts(label)
        super().__init__(item=item)

    def text(self) -> str:
        """Return the sentence with the item's name in the reader's language."""
        return str(self.message) % {"label": self.label.best(language().code)[0]}


class RatingMissingError(LineMissingError):
    """An item of a required scale was left without a rating."""

    message = _l("“%(label)s”: give a rating, or “I don’t know”.")


class RankingMissingError(AnswerMissingError):
    """Nothing was ranked under a required question."""

    message = _l("Give at least one rank.")


class BudgetMissingError(AnswerMissingError):
    """No point of a required budget was given."""

    message = _l("Share the points out.")


class DateMissingError(AnswerMissingError):
    """A required date is missing."""

    message = _l("Give a date.")


class TickMissingError(AnswerMissingError):
    """A required agreement was not given."""

    message = _l("Tick the box to continue.")


class FileMissingError(AnswerMissingError):
    """A required file is missing."""

    message = _l("Add a file.")


class RegionMissingError(AnswerMissingError):
    """A required territory names no region."""

    message = _l("Choose your region.")


class UnknownChoiceError(AnswerRefusedError):
    """A code that is not among the options."""

    message = _l("“%(value)s” is not one of the possible answers.")


class TooManyChoicesError(AnswerRefusedError):
    """More was ticked than the question allows."""

    message = _l("Keep %(most)s answers at most: you ticked %(count)s.")


class TooFewChoicesError(AnswerRefusedError):
    """Fewer were chosen than the question asks for."""

    message = _l("Choose %(least)s answers at least: you chose %(count)s.")


class NotARankError(AnswerRefusedError):
    """Something else than a rank."""

    message = _l("“%(value)s” is not a rank: write 1 for the first.")


class RankTwiceError(AnswerRefusedError):
    """Two items at one rank, or one item at two."""

    message = _l("Rank %(rank)s is given twice: give each rank once.")


class NotPointsError(AnswerRefusedError):
    """Something else than whole points."""

    message = _l("“%(value)s” is not a number of points. Write a whole number, 0 or more.")


class PointsLeftError(AnswerRefusedError):
    """A budget that has not been shared out wholly."""

    message = _l("You gave %(given)s points out of %(total)s: %(count)s are still to be given.")


class PointsTooManyError(AnswerRefusedError):
    """A budget that was overrun."""

    message = _l("You gave %(given)s points out of %(total)s: take %(count)s back.")


class NotARatingError(AnswerRefusedError):
    """A rating outside 1 to 5 that is not "I don't know" either."""

    message = _l("“%(value)s” is not a rating from 1 to 5.")


class NotANumberError(AnswerRefusedError):
    """Something that does not read as a number."""

    message = _l("“%(value)s” is not a number. Write it with digits, for example 12.")


class NotWholeError(AnswerRefusedError):
    """A number with decimals where whole ones count."""

    message = _l("Write a whole number, without decimals.")


class TooSmallError(AnswerRefusedError):
    """A number below the least one allowed."""

    message = _l("The number must be %(least)s or more.")


class TooLargeError(AnswerRefusedError):
    """A number above the greatest one allowed."""

    message = _l("The number must be %(most)s or less.")


class TooLongError(AnswerRefusedError):
    """A text longer than its question allows."""

    message = _l(
        "The text has %(count)s characters: shorten it to %(most)s at most. Nothing was cut."
    )


class TooShortError(AnswerRefusedError):
    """A text shorter than its question asks for."""

    message = _l("The text has %(count)s characters: write %(least)s at least.")


class NotADateError(AnswerRefusedError):
    """Something that does not read as a date."""

    message = _l(
        "“%(value)s” is not a date. Write the day, the month and the year, for example 18/02/2022."
    )


class _DayError(AnswerRefusedError):
    """A date beyond a limit."""

    def __init__(self, *, day: date) -> None:
        self.day = day
        super().__init__(day=day.isoformat())

    def text(self) -> str:
        """Return the sentence with the limit written in the reader's language."""
        return str(self.message) % {"day": day_text(self.day)}


class TooEarlyError(_DayError):
    """A date before the first one allowed."""

    message = _l("The date must be %(day)s or later.")


class TooLateError(_DayError):
    """A date after the last one allowed."""

    message = _l("The date must be %(day)s or earlier.")


class NotAFileError(AnswerRefusedError):
    """Something else than a file that was kept here."""

    message = _l("This question is answered with a file.")


class NotValidError(AnswerRefusedError):
    """An answer that does not satisfy what the questionnaire's authors ask of it."""

    message = _l("This answer does not fit what is asked. Correct it, please.")

    def __init__(self, *, message: dict[str, str]) -> None:
        self.words = Texts(message)
        super().__init__()

    def text(self) -> str:
        """Return the authors' own words in the reader's language, if they wrote any."""
        return self.words.best(language().code)[0] or super().text()


class NotATextError(AnswerRefusedError):
    """Something else than a text where a text is asked for."""

    message = _l("This question is answered with a text.")


class UnknownTerritoryError(AnswerRefusedError):
    """A code that is not that of a territory, or not of this consultation."""

    message = _l("This territory is not known here. Choose one from the lists.")


class ProvinceElsewhereError(AnswerRefusedError):
    """A province that is not in the region."""

    message = _l("This province or prefecture is not in the region you chose.")


class CommuneElsewhereError(AnswerRefusedError):
    """A commune that is not in the province."""

    message = _l("This commune is not in the province or prefecture you chose.")


class UnknownActorTypeError(AnswerRefusedError):
    """No capacity, or one that is never offered."""

    message = _l("Say in what capacity you are answering.")


class OrganisationMissingError(AnswerMissingError):
    """Someone answers for an organisation without naming it."""

    message = _l("Give the name of your organisation.")


class OrganisationTooLongError(AnswerRefusedError):
    """A name that no register would hold."""

    message = _l("The organisation’s name may have %(most)s characters at most.")


class ConsultationNotOpenError(DomainError):
    """The consultation does not take answers at this instant."""

    message = _l("This consultation does not take answers at the moment.")


class AnswersIncompleteError(DomainError):
    """Some answers have to be corrected before the whole can be sent."""

    message = _l("Some answers have to be completed before you can send.")
    status = 422


class ConsentMissingError(DomainError):
    """The box of consent was left empty."""

    message = _l(
        "Tick the box to agree to the use of your answers; without it they cannot be kept."
    )
    status = 422


class NoticeChangedError(DomainError):
    """A newer notice was published while this page was open."""

    message = _l(
        "The privacy notice has changed since you opened this page. "
        "Read it again, then tick the box."
    )
    status = 422


class DraftGoneError(NotFoundError):
    """The device carries no draft of this consultation."""

    message = _l("We found no answers in progress on this device.")


class DraftCodeNotFoundError(NotFoundError):
    """No draft in progress has this code."""

    message = _l(
        "No draft has this code. Check it sign by sign; a draft that was sent, deleted or left "
        "for 30 days is no longer there."
    )


class DraftConflictError(DomainError):
    """A section was changed on another device since this one read it.

    :ivar position: the section's position.
    """

    message = _l("These answers were changed on another device meanwhile.")

    def __init__(self, *, position: int) -> None:
        self.position = position
        super().__init__()
