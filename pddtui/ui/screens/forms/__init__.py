"""The forms of the desk. Each is pushed with its case and gives back what it saved, or None."""

from pddtui.ui.screens.confirm import Confirm
from pddtui.ui.screens.forms.case import CaseForm
from pddtui.ui.screens.forms.contact import ContactForm
from pddtui.ui.screens.forms.saved import Saved

__all__ = ["CaseForm", "Confirm", "ContactForm", "Saved"]
