"""A dispute that was sent twice is known again, and the log of assignments names nobody by what only the database knows."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F


def name_disputes(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Every dispute so far was sent once: it is known by its own key."""
    apps.get_model("review", "DisputeCase").objects.update(sent_by=F("key"))


def reword_assignments(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Say in words to whom something was assigned."""
    assigned = apps.get_model("review", "Decision").objects.filter(action="assign")
    own = assigned.filter(reason=F("actor__username")).values("id")
    mine = list(own.values_list("id", flat=True))
    assigned.filter(reason="nobody").update(reason="to nobody")
    assigned.filter(id__in=mine).update(reason="to themselves")
    assigned.exclude(reason__startswith="to ").update(reason="to a colleague")


class Migration(migrations.Migration):
    dependencies = [("review", "0002_scan")]

    operations = [
        migrations.AddField("disputecase", "sent_by", models.CharField(default="", max_length=64), preserve_default=False),
        migrations.RunPython(name_disputes, migrations.RunPython.noop),
        migrations.AlterField("disputecase", "sent_by", models.CharField(max_length=64, unique=True)),
        migrations.RunPython(reword_assignments, migrations.RunPython.noop),
    ]
