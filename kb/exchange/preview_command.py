"""What the commands that publish share of the lost-edge alarm: two options, and the preview on the terminal."""

from django.conf import settings
from django.core.management.base import CommandParser, OutputWrapper

from kb.exchange.preview import foresee, told
from kb.exchange.reconcile import reconcile
from kb.exchange.sync import Plan, carry_out


def add_alarm_arguments(parser: CommandParser) -> None:
    """Take --preview and --reason."""
    parser.add_argument("--preview", action="store_true", help="publish nothing; tell which steps of lineage would be lost")
    parser.add_argument("--reason", default="", help="why steps of lineage may be lost: the public reason of the editions")


def write_preview(out: OutputWrapper, wanted: Plan) -> None:
    """Tell what a run would publish and lose, the reviewed matches that follow it included."""
    reviewed = settings.BASE_DIR / "fixtures" / "reconcile"
    matched = 0

    def run() -> None:
        nonlocal matched
        carry_out(wanted, actor="preview", reason="A preview that is rolled back.")
        matched = reconcile(reviewed)

    lost = foresee(run)
    out.write(f"Preview: nothing was published. {len(wanted.changes)} changes and {matched} reviewed matches would be.")
    for line in told(lost):
        out.write(line)
