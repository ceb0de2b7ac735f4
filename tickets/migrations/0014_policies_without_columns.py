from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("tickets", "0013_policy_conditions")]

    operations = [
        migrations.RemoveConstraint(
            model_name='slapolicyversion',
            name='sla_warn_before_due',
        ),
        migrations.RemoveField(
            model_name='slapolicyversion',
            name='grade',
        ),
        migrations.RemoveField(
            model_name='slapolicyversion',
            name='queue',
        ),
        migrations.RemoveField(
            model_name='slapolicyversion',
            name='warn_percent',
        ),
    ]
