from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def forget(apps: Any, _schema_editor: Any) -> None:
    """What was summed up before knows nothing of these sums: everything is summed up anew."""
    apps.get_model("telephony", "RollUp").objects.update(done_until=None)


class Migration(migrations.Migration):

    dependencies = [
        ('crmcore', '0021_field_roles'),
        ('telephony', '0024_call_sums'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PlacedOutcomeQuarter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('start', models.DateTimeField()),
                ('conversations', models.PositiveIntegerField()),
                ('outcome', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='crmcore.outcome')),
                ('queue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='crmcore.queue')),
            ],
            options={
                'indexes': [models.Index(fields=['start'], name='placed_outcome_start')],
            },
        ),
        migrations.CreateModel(
            name='PlacedQuarter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('start', models.DateTimeField()),
                ('attempts', models.PositiveIntegerField()),
                ('connected', models.PositiveIntegerField()),
                ('talk_seconds', models.PositiveIntegerField()),
                ('agent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('campaign', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='telephony.campaign')),
                ('queue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='crmcore.queue')),
            ],
            options={
                'indexes': [models.Index(fields=['start'], name='placed_quarter_start')],
            },
        ),
        migrations.RunPython(forget, migrations.RunPython.noop),
    ]
