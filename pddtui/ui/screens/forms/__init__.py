"""The forms of the desk. Each is pushed with its case and gives back what it saved, or None."""

from pddtui.ui.screens.confirm import Confirm
from pddtui.ui.screens.forms.case import CaseForm
from pddtui.ui.screens.forms.contact import ContactForm
from pddtui.ui.screens.forms.ending import ResolveForm
from pddtui.ui.screens.forms.evidence import EvidenceForm
from pddtui.ui.screens.forms.filing import FilingForm
from pddtui.ui.screens.forms.filing_state import FilingStateForm
from pddtui.ui.screens.forms.follow_up import FollowUpForm, SnoozeForm
from pddtui.ui.screens.forms.milestone import MilestoneForm
from pddtui.ui.screens.forms.promise import PromiseForm
from pddtui.ui.screens.forms.saved import Saved

__all__ = [
    "CaseForm",
    "Confirm",
    "ContactForm",
    "EvidenceForm",
    "FilingForm",
    "FilingStateForm",
    "FollowUpForm",
    "MilestoneForm",
    "PromiseForm",
    "ResolveForm",
    "Saved",
    "SnoozeForm",
]
