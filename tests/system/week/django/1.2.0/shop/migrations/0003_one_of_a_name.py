from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0002_note")]
    operations = [migrations.AlterField("Job", "name", models.CharField(max_length=100, unique=True))]
