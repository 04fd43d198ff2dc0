"""How many approvals counted is kept from now on. Of what was published before, those are taken that were given."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F


def count_approvals(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Count the approvals of the revision that each proposal was published in."""
    for proposal in apps.get_model("review", "Proposal").objects.filter(state="published"):
        proposal.approved_by = proposal.approvals.filter(revision=F("proposal__revision")).count()
        proposal.save(update_fields=["approved_by"])


class Migration(migrations.Migration):
    dependencies = [
        ("review", "0004_what_an_answer_is_about"),
    ]

    operations = [
        migrations.AddField(
            model_name="proposal",
            name="approved_by",
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.RunPython(count_approvals, migrations.RunPython.noop),
    ]
