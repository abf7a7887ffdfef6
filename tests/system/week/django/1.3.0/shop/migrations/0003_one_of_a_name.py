from django.db import migrations, models


def rename(apps, editor):
    seen = set()
    for job in apps.get_model("shop", "Job").objects.order_by("id"):
        if job.name in seen:
            job.name = f"{job.name}-{job.id}"
            job.save()
        seen.add(job.name)


class Migration(migrations.Migration):
    dependencies = [("shop", "0002_note")]
    operations = [
        migrations.RunPython(rename, migrations.RunPython.noop),
        migrations.AlterField("Job", "name", models.CharField(max_length=100, unique=True)),
    ]
